import type { Channel } from "./channel.ts";
import { EngineError } from "./errors.ts";
import type { LayerProfile, ProfileRequest } from "./layerProfile.ts";
import type { WorkerCalls } from "./protocol.ts";
import { assertCount, assertHolds, assertThreads } from "./request.ts";
import type { EngineSetting } from "./setting.ts";

/** What is profiled; the depth is 0, the rounds are three and the threads the plan's when they are left out. */
export type ProfileSpec = Pick<ProfileRequest, "kind" | "tokensCount"> & Partial<ProfileRequest>;

/** Where the time of random tokens goes. */
export interface EngineProfiling {
  /**
   * The time of each part of each layer, in runs that stop between them. Such runs are slower; how much is part of the
   * answer. Only the driver llama can.
   */
  profile(request: ProfileSpec): Promise<LayerProfile>;
}

/** The profiles of the engine at the other end of `channel`. */
export function profilingOf(channel: Channel<WorkerCalls>, setting: EngineSetting): EngineProfiling {
  return {
    async profile(spec) {
      const request = { depthTokensCount: 0, roundsCount: 3, threads: setting.threads, ...spec };
      if (!["prefill", "decode"].includes(request.kind)) {
        const message = `kind is ${request.kind}; a profile is of prefill or decode. Pass one of them.`;
        throw new EngineError("invalid-request", message, { facts: { kind: request.kind } });
      }
      assertCount("tokensCount", request.tokensCount, 1);
      assertCount("depthTokensCount", request.depthTokensCount, 0);
      assertCount("roundsCount", request.roundsCount, 1);
      assertThreads(request.threads, setting);
      assertHolds(setting, request.depthTokensCount + request.tokensCount);
      return channel.ask("profile", request);
    },
  };
}
