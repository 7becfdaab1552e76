import type { Warning } from "../errors.ts";
import type { TokenTimeline } from "./timeline.ts";

/** How the tokens are computed: direct calls into the engine's libraries, or node-llama-cpp's public calls. */
export type DriverName = "llama" | "llama-api";

/** How many threads compute, and which CPUs they may use: a cpulist, or null for all of the process. */
export interface ThreadPlacement {
  readonly threadsCount: number;
  readonly cpus: string | null;
}

/** An engine with every choice made, as the worker process receives it. */
export interface EngineSetting {
  readonly modelPath: string;
  /** `auto` is `llama` where its guards hold, else `llama-api` with a warning. */
  readonly driver: DriverName | "auto";
  readonly librariesFolder: string;
  readonly contextTokensCount: number;
  /** Whether the weights are pages of the file, which a binding neither moves nor covers, or the process's own memory. */
  readonly useMmap: boolean;
  readonly threads: ThreadPlacement;
}

/** What started: the driver that runs and the library that computes. */
export interface EngineFacts {
  readonly driver: DriverName;
  readonly version: string;
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
  readonly facts: Omit<EngineFacts, "warnings" | "loadSeconds" | "version">;
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
