import type { Channel } from "./channel.ts";
import { EngineError } from "./errors.ts";
import type { BatchRequest, ReplyRequest, TimedRequest, WorkerCalls } from "./protocol.ts";
import { assertCount, assertHolds, assertThreads } from "./request.ts";
import type { EngineSetting } from "./setting.ts";
import type { BatchTimeline, TokenTimeline } from "./timeline.ts";

/** A timed request; what is left out is the plan's. */
export type RequestSpec = Pick<TimedRequest, "tokensCount"> & Partial<TimedRequest>;

/** A timed request for a prompt and the tokens after it; what is left out is the plan's. */
export type ReplySpec = RequestSpec & Pick<ReplyRequest, "promptTokensCount">;

/** A timed request for several sequences; the prompt is one token and not shared when it is left out. */
export type BatchSpec = Pick<BatchRequest, "sequencesCount" | "tokensCount"> & Partial<BatchRequest>;

/** The time that random tokens take. */
export interface EngineTiming {
  /** The time to the first token of a random prompt of `tokensCount` tokens. */
  prefill(request: RequestSpec): Promise<TokenTimeline>;
  /**
   * The time of each of `tokensCount` tokens decoded one after another, without sampling, as llama-bench does; fewer
   * when `maximumSeconds` (default 600) passed.
   */
  decode(request: RequestSpec): Promise<TokenTimeline>;
  /** The time of a random prompt, then of each of `tokensCount` tokens after it, as llama-bench's `-pg` does. */
  reply(request: ReplySpec): Promise<TokenTimeline>;
  /** The time of each of `tokensCount` steps that decode a token of every sequence, as llama-batched-bench does. */
  decodeBatch(request: BatchSpec): Promise<BatchTimeline>;
}

function assertFits(request: TimedRequest & Partial<ReplyRequest>, setting: EngineSetting): void {
  const { tokensCount, depthTokensCount, promptTokensCount = 1, threads } = request;
  assertCount("tokensCount", tokensCount, 1);
  assertCount("promptTokensCount", promptTokensCount, 1);
  assertCount("depthTokensCount", depthTokensCount, 0);
  assertThreads(threads, setting);
  assertHolds(setting, depthTokensCount + (request.promptTokensCount ?? 0) + tokensCount);
}

function assertBatchFits(request: BatchRequest, setting: EngineSetting): void {
  const { sequencesCount, tokensCount, promptTokensCount } = request;
  assertCount("sequencesCount", sequencesCount, 1);
  assertCount("tokensCount", tokensCount, 1);
  assertCount("promptTokensCount", promptTokensCount, 1);
  assertThreads(request.threads, setting);
  assertHolds(setting, promptTokensCount + tokensCount);
  if (sequencesCount <= setting.sequencesCount) return;
  const message = `${sequencesCount} sequences were asked for and the context holds ${setting.sequencesCount}. Start the engine with sequencesCount ${sequencesCount} or more.`;
  throw new EngineError("context-too-small", message, {
    facts: { sequencesCount, limit: setting.sequencesCount },
  });
}

/** The timings of the engine at the other end of `channel`. */
export function timingOf(channel: Channel<WorkerCalls>, setting: EngineSetting): EngineTiming {
  const planned = <Spec extends RequestSpec>(spec: Spec): Spec & TimedRequest => {
    const request = { depthTokensCount: 0, threads: setting.threads, maximumSeconds: 600, ...spec };
    assertFits(request, setting);
    return request;
  };
  return {
    prefill: async (spec) => channel.ask("prefill", planned(spec)),
    decode: async (spec) => channel.ask("decode", planned(spec)),
    reply: async (spec) => channel.ask("reply", planned(spec)),
    async decodeBatch(spec) {
      const request = { promptTokensCount: 1, isPromptShared: false, threads: setting.threads, ...spec };
      assertBatchFits(request, setting);
      return channel.ask("decodeBatch", request);
    },
  };
}
