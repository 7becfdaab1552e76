import { EngineError } from "./errors.ts";
import type { Generation } from "./protocol.ts";
import { assertCount, assertHolds } from "./request.ts";
import { planSampling, type Sampling } from "./sampling.ts";
import type { EngineSetting, ThreadPlacement } from "./setting.ts";

/** When requests are computed together. */
export interface BatchPolicy {
  /** Requests computed at once, at most. Default: as many as the engine keeps, less one for filling up. */
  readonly maximumSequencesCount: number;
  /** How long the first request of an idle engine waits for others, unless the batch is full before. Default 0. */
  readonly maximumDelaySeconds: number;
  /**
   * `continuous` (the default): a request joins those that run as soon as there is room. `together`: a batch runs to the
   * end of its longest request before the next one begins.
   */
  readonly joining: "continuous" | "together";
  /**
   * Prompt tokens that one step computes beside the next tokens of other requests, at most. Default 64: a longer prompt is
   * computed in pieces, so that it does not hold up the others.
   */
  readonly promptChunkTokensCount: number;
  /**
   * Rows that the engine's kernels compute together: a step takes prompt tokens up to a multiple of this, and an idle row
   * when only one is missing. Default 4, as in the kernels for repacked weights; 1 for none of this.
   */
  readonly rowMultiple: number;
}

/** A prompt whose continuation is computed together with others. */
export interface BatchedRequest {
  readonly tokens: readonly number[];
  readonly maximumTokensCount: number;
  readonly sampling: Sampling;
  /** Whether an end token ends the text. */
  readonly stopsAtEnd: boolean;
  /** Since the beginning of the run. */
  readonly arrivalSeconds: number;
}

/** A prompt and how it goes on; only the tokens must be given. */
export interface BatchedPrompt extends Partial<Pick<BatchedRequest, "maximumTokensCount" | "stopsAtEnd">> {
  readonly tokens: readonly number[];
  /** Default: always the most probable token. */
  readonly sampling?: Partial<Sampling>;
}

/** What a batched run is asked for. */
export interface BatchingRequest {
  readonly requests: readonly BatchedRequest[];
  /** Whether more requests may come while it runs. */
  readonly isOpen: boolean;
  readonly policy: BatchPolicy;
  readonly threads: ThreadPlacement;
}

/** What is said to a batched run while it runs. */
export type BatchMessage =
  | { readonly submit: Omit<BatchedRequest, "arrivalSeconds"> }
  /** Ends a request by its place in the order of submission. */
  | { readonly withdraw: number }
  | { readonly end: true };

/** The text of one request with the time of each of its tokens. */
export interface BatchedGeneration extends Pick<Generation, "text" | "tokens" | "promptTokensCount"> {
  /** Its place in the order of submission. */
  readonly requestIndex: number;
  readonly stopReason: Exclude<Generation["stopReason"], "stop-text">;
  /** Since the beginning of the run. */
  readonly arrivalSeconds: number;
  /** From its arrival to the first computation with it. */
  readonly waitSeconds: number;
  /** From its arrival to each token: the first is the time to the first token. */
  readonly tokenSeconds: readonly number[];
}

/** One computation for several requests. */
export interface BatchStep {
  /** Since the beginning of the run. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Requests that got their next token. */
  readonly decodeRowsCount: number;
  readonly promptRowsCount: number;
  /** Rows that only fill up a multiple. */
  readonly idleRowsCount: number;
}

/** What a batched run did. */
export interface BatchedRun {
  /** In the order in which they ended. */
  readonly generations: readonly BatchedGeneration[];
  readonly steps: readonly BatchStep[];
  readonly policy: BatchPolicy;
}

function refuse(message: string, facts: Readonly<Record<string, unknown>>): never {
  throw new EngineError("invalid-request", message, { facts });
}

/**
 * The policy with every choice made.
 * @throws {EngineError} `invalid-request`; `context-too-small` when the engine keeps too few sequences
 */
export function planBatching(spec: Partial<BatchPolicy>, setting: EngineSetting): BatchPolicy {
  const { rowMultiple = 4 } = spec;
  const idleSequencesCount = rowMultiple > 1 ? 1 : 0;
  const policy: BatchPolicy = {
    maximumSequencesCount: setting.sequencesCount - idleSequencesCount,
    maximumDelaySeconds: 0,
    joining: "continuous",
    promptChunkTokensCount: 64,
    ...spec,
    rowMultiple,
  };
  const { maximumSequencesCount, maximumDelaySeconds, promptChunkTokensCount, joining } = policy;
  assertCount("rowMultiple", rowMultiple, 1);
  assertCount("promptChunkTokensCount", promptChunkTokensCount, 1);
  if (!(maximumDelaySeconds >= 0 && maximumDelaySeconds < Infinity)) {
    refuse(`maximumDelaySeconds is ${maximumDelaySeconds} and must be at least 0. Pass such.`, { maximumDelaySeconds });
  }
  if (!["continuous", "together"].includes(joining)) {
    refuse(`joining is ${joining}; needed continuous or together. Pass one of them.`, { joining });
  }
  const needed = Math.max(1, maximumSequencesCount) + idleSequencesCount;
  if (needed > setting.sequencesCount) {
    const message = `A batch of ${Math.max(1, maximumSequencesCount)} requests needs ${needed} sequences${idleSequencesCount === 1 ? ", one of them for idle rows" : ""}; the engine keeps ${setting.sequencesCount}. Start it with sequencesCount ${needed}, or ask for less.`;
    throw new EngineError("context-too-small", message, { facts: { needed, limit: setting.sequencesCount } });
  }
  assertCount("maximumSequencesCount", maximumSequencesCount, 1);
  const rowsCount = maximumSequencesCount + promptChunkTokensCount;
  if (rowsCount >= setting.batchTokensCount) {
    const message = `A step may have ${rowsCount} rows, and a call of the engine takes ${setting.batchTokensCount} with an idle one. Ask for a smaller promptChunkTokensCount, or start it with a larger batchTokensCount.`;
    refuse(message, { rowsCount, limit: setting.batchTokensCount });
  }
  return policy;
}

/**
 * The request with every choice made.
 * @throws {EngineError} `invalid-request`, `context-too-small`
 */
export function planRequest(prompt: BatchedPrompt, setting: EngineSetting): Omit<BatchedRequest, "arrivalSeconds"> {
  const { tokens, maximumTokensCount = 64, stopsAtEnd = true, sampling } = prompt;
  assertCount("the number of tokens", tokens.length, 1);
  assertCount("maximumTokensCount", maximumTokensCount, 1);
  for (const token of tokens) assertCount("a token", token, 0);
  assertHolds(setting, tokens.length + maximumTokensCount);
  return { tokens, maximumTokensCount, stopsAtEnd, sampling: planSampling(sampling) };
}
