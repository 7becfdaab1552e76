import type { Channel } from "./channel.ts";
import type { TimedRequest } from "./protocol.ts";
import { assertCount, assertHolds, assertThreads } from "./request.ts";
import type { EngineSetting } from "./setting.ts";
import type { TokenTimeline } from "./timeline.ts";

/** A timed request; what is left out is the plan's. */
export type RequestSpec = Pick<TimedRequest, "tokensCount"> & Partial<TimedRequest>;

/** The time that random tokens take. */
export interface EngineTiming {
  /** The time to the first token of a random prompt of `tokensCount` tokens. */
  prefill(request: RequestSpec): Promise<TokenTimeline>;
  /**
   * The time of each of `tokensCount` tokens decoded one after another, without sampling, as llama-bench does; fewer
   * when `maximumSeconds` (default 600) passed.
   */
  decode(request: RequestSpec): Promise<TokenTimeline>;
}

function assertFits({ tokensCount, depthTokensCount, threads }: TimedRequest, setting: EngineSetting): void {
  assertCount("tokensCount", tokensCount, 1);
  assertCount("depthTokensCount", depthTokensCount, 0);
  assertThreads(threads, setting);
  assertHolds(setting, tokensCount + depthTokensCount);
}

/** The timings of the engine at the other end of `channel`. */
export function timingOf(channel: Channel, setting: EngineSetting): EngineTiming {
  const timed = async (call: "prefill" | "decode", spec: RequestSpec): Promise<TokenTimeline> => {
    const request = { depthTokensCount: 0, threads: setting.threads, maximumSeconds: 600, ...spec };
    assertFits(request, setting);
    return channel.ask(call, request);
  };
  return { prefill: (spec) => timed("prefill", spec), decode: (spec) => timed("decode", spec) };
}
