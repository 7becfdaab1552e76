import type { Warning } from "../errors.ts";
import type { DriverName, EngineSetting, ThreadPlacement } from "./setting.ts";
import type { TokenTimeline } from "./timeline.ts";

/** What started: the driver that runs and the library that computes. */
export interface EngineFacts {
  readonly driver: DriverName;
  readonly version: string;
  /** Every choice, as it was planned. */
  readonly setting: EngineSetting;
  /** File name of the compute library chosen for this CPU, such as `libggml-cpu-haswell.so`. */
  readonly computeLibrary: string | null;
  readonly loadSeconds: number;
  readonly warnings: readonly Warning[];
}

/** A timed request without text: `tokensCount` tokens through the model. */
export interface TimedRequest {
  readonly tokensCount: number;
  /** Tokens put into the cache before the timing begins; 0 for a prefill from empty. */
  readonly depthTokensCount: number;
  readonly threads: ThreadPlacement;
  /** A decode ends after the token that passes this time, with fewer tokens than asked: a thread cliff can be deep. */
  readonly maximumSeconds: number;
}

/** A request for text. Sampling is greedy. */
export interface TextRequest {
  readonly prompt: string;
  readonly maximumTokensCount: number;
  readonly threads: ThreadPlacement;
}

/** Generated text with the time of each of its tokens. */
export interface Generation {
  readonly text: string;
  readonly promptTokensCount: number;
  /** Why it ended: the model's own end token, or the asked number of tokens. */
  readonly stopReason: "end-token" | "maximum-tokens";
  readonly timeline: TokenTimeline;
}

/** What a driver can do; it runs inside the worker process. */
export interface Driver {
  readonly facts: Omit<EngineFacts, "warnings" | "loadSeconds" | "version" | "setting">;
  run(kind: TokenTimeline["kind"], request: TimedRequest): Promise<TokenTimeline> | TokenTimeline;
  generate(request: TextRequest): Promise<Generation>;
}

/** One call from the parent, one line of JSON on the worker's standard input. */
export type WorkerCall =
  | { readonly call: "open"; readonly request: EngineSetting }
  | { readonly call: "prefill" | "decode"; readonly request: TimedRequest }
  | { readonly call: "generate"; readonly request: TextRequest };

/** The worker's reply to one call, one line of JSON on its standard output. */
export type WorkerReply =
  | { readonly result: unknown }
  | {
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly facts: Readonly<Record<string, unknown>>;
      };
    };
