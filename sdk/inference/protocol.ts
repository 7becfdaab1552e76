import type { Warning } from "../errors.ts";
import type { BatchedRun, BatchingRequest } from "./batching.ts";
import type { LayerProfile, ProfileRequest } from "./layerProfile.ts";
import type { Sampling } from "./sampling.ts";
import type { DriverName, EngineSetting, ThreadPlacement } from "./setting.ts";
import type { BatchTimeline, TokenTimeline } from "./timeline.ts";

/** What started: the driver that runs and the library that computes. */
export interface EngineFacts {
  readonly driver: DriverName;
  readonly version: string;
  /** Every choice, as it was planned. */
  readonly setting: EngineSetting;
  /** File name of the compute library chosen for this CPU, such as `libggml-cpu-haswell.so`. */
  readonly computeLibrary: string | null;
  /** What that library says it was built with, such as `AVX2`; null where the driver cannot ask. */
  readonly instructionSets: readonly string[] | null;
  /** Whether attention is computed in one pass, which is what `auto` became; null where the driver cannot tell. */
  readonly hasFlashAttention: boolean | null;
  /** What the engine says of itself and of the model; null where the driver cannot tell. */
  readonly engineWords: EngineWords | null;
  readonly loadSeconds: number;
  /**
   * A digest of a few greedily chosen tokens after a fixed prompt, and of their logits in two digits; null where the driver
   * cannot see logits. The same model on the same compute library repeats it; where it differs, compare distributions.
   */
  readonly outputDigest: string | null;
  readonly warnings: readonly Warning[];
}

/** What an engine calls itself and the model that it loaded, as llama-bench prints it. */
export interface EngineWords {
  /** Such as `qwen2 1B Q4_0`. */
  readonly model: string;
  /** Of all tensors. */
  readonly tensorBytes: number;
  readonly parametersCount: number;
  readonly buildCommit: string;
  readonly buildNumber: number;
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

/** A timed request for a prompt and the tokens after it. */
export interface ReplyRequest extends TimedRequest {
  readonly promptTokensCount: number;
}

/** A timed request for several sequences that are decoded together. */
export interface BatchRequest {
  readonly sequencesCount: number;
  /** Tokens to decode in each sequence. */
  readonly tokensCount: number;
  /** Tokens in each sequence before. */
  readonly promptTokensCount: number;
  readonly isPromptShared: boolean;
  readonly threads: ThreadPlacement;
}

/** A request for text. */
export interface TextRequest {
  readonly prompt: string;
  readonly maximumTokensCount: number;
  /** The text ends before the first of these. */
  readonly stopTexts: readonly string[];
  readonly sampling: Sampling;
  readonly threads: ThreadPlacement;
  /** Whether each piece of text is told at once; only then can the request be cancelled between two tokens. */
  readonly isStreamed: boolean;
}

/** Generated text with the time of each of its tokens. */
export interface Generation {
  readonly text: string;
  /** The tokens chosen, without the end token; those of a stop text are among them. */
  readonly tokens: readonly number[];
  readonly promptTokensCount: number;
  readonly stopReason: "end-token" | "stop-text" | "maximum-tokens" | "cancelled";
  /** Each token's time is that of its choice. */
  readonly timeline: TokenTimeline & {
    /** How long the choice of each token took, which is part of its time; null where the driver cannot tell. */
    readonly samplerSeconds: readonly number[] | null;
  };
}

/** A request for the probabilities of given tokens, of each from `firstIndex` (at least 1) on after those before it. */
export interface ScoringRequest {
  readonly tokens: readonly number[];
  readonly firstIndex: number;
  readonly threads: ThreadPlacement;
}

/** A request to send rows of one sequence through the layers of one stage. */
export interface StageRequest {
  readonly sequenceIndex: number;
  /** Of the first row; what the sequence holds from here on is dropped. */
  readonly startPosition: number;
  /** Tokens, or the hidden states that the stage before gave: 32-bit numbers. */
  readonly input: { readonly tokens: readonly number[] } | { readonly states: Uint8Array; readonly rowsCount: number };
  /** The hidden states that go into a layer, all logits after the last row, or the most probable token there. */
  readonly output: { readonly layerIndex: number } | "logits" | "token";
}

/** What came out of a stage. */
export interface StageAnswer {
  readonly output: Uint8Array | number;
  /** What the computation took. */
  readonly seconds: number;
}

/** A request for the vectors of texts. */
export interface EmbeddingRequest {
  readonly texts: readonly string[];
  readonly threads: ThreadPlacement;
}

/** One message of a conversation. */
export interface ChatMessage {
  /** Such as `system`, `user`, `assistant`. */
  readonly role: string;
  readonly content: string;
}

/** A request for the prompt of a conversation. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /** Whether the prompt ends where the model's answer begins. */
  readonly isAnswered: boolean;
}

/** What a running call may tell and hear before it ends. */
export interface CallLine {
  /** Sends one part of the answer. */
  tell(part: unknown): void;
  /** Waits until what was told is taken, and lets a cancellation arrive. */
  listen(): Promise<void>;
  readonly signal: AbortSignal;
  /** What was said to the call since it was asked last. */
  take(): unknown[];
}

type Answer<Result> = Result | Promise<Result>;

/** What can be asked of a driver, which runs inside the worker process. */
export interface DriverCalls {
  prefill(request: TimedRequest, line: CallLine): Answer<TokenTimeline>;
  decode(request: TimedRequest, line: CallLine): Answer<TokenTimeline>;
  reply(request: ReplyRequest, line: CallLine): Answer<TokenTimeline>;
  decodeBatch(request: BatchRequest, line: CallLine): Answer<BatchTimeline>;
  profile(request: ProfileRequest, line: CallLine): Answer<LayerProfile>;
  /** Tells each generation as it ends when requests may come at any time. */
  batch(request: BatchingRequest, line: CallLine): Answer<BatchedRun>;
  /** Tells the text piece by piece when it is streamed. */
  generate(request: TextRequest, line: CallLine): Answer<Generation>;
  /** The natural logarithm of each token's probability. */
  logProbabilities(request: ScoringRequest, line: CallLine): Answer<readonly number[]>;
  /** Tells the natural logarithms of all tokens' probabilities in each place, as 32-bit numbers in base64; gives how many. */
  distributions(request: ScoringRequest, line: CallLine): Answer<number>;
  computeStage(request: StageRequest, line: CallLine): Answer<StageAnswer>;
  embed(request: EmbeddingRequest, line: CallLine): Answer<readonly (readonly number[])[]>;
  tokenize(request: { readonly text: string }, line: CallLine): Answer<readonly number[]>;
  /** The prompt that the model's own template makes of messages. */
  formatChat(request: ChatRequest, line: CallLine): Answer<string>;
}

/** Whether a model computes what could be text. */
export type OutputCheck = Pick<EngineFacts, "outputDigest" | "warnings">;

/** One way to compute; what it cannot do is left out of its calls. */
export interface Driver {
  readonly facts: Pick<
    EngineFacts,
    "driver" | "computeLibrary" | "instructionSets" | "hasFlashAttention" | "engineWords"
  >;
  readonly calls: Partial<DriverCalls>;
  checkOutput(): OutputCheck;
}

/** What can be asked of a worker. */
export interface WorkerCalls extends DriverCalls {
  open(setting: EngineSetting): Answer<Omit<EngineFacts, "version" | "setting">>;
}

/**
 * One message from the parent; the call `cancel` ends the streamed call that runs, if there is one,
 * and `message` is said to it.
 */
export interface WorkerCall {
  readonly call: string;
  readonly request: unknown;
}

/** One message from the worker: a part of the answer, or its end. */
export type WorkerLine = { readonly part: unknown } | WorkerReply;

/** The end of an answer. */
export type WorkerReply =
  | { readonly result: unknown }
  | {
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly facts: Readonly<Record<string, unknown>>;
      };
    };
