import type { Engine } from "../inference/index.ts";
import { type ThreadPlacement, tokensPerSecondOf } from "../inference/index.ts";

/** How many tokens the runs of one model have, so that each lasts long enough to be timed and no longer. */
export interface RunLengths {
  readonly decodeTokensCount: number;
  readonly promptTokensCount: number;
}

const decodeRunSeconds = 1;
const prefillRunSeconds = 1.5;
const promptLengths = [512, 256, 128, 64, 32];

/**
 * Chooses the lengths by a short trial with the placement that is expected to be the slowest. The trial also warms the
 * page cache and the engine; its times are thrown away.
 */
export async function calibrateLengths(engine: Engine, slowest: ThreadPlacement): Promise<RunLengths> {
  await engine.decode({ tokensCount: 1, threads: slowest });
  const decode = tokensPerSecondOf(await engine.decode({ tokensCount: 4, threads: slowest })) ?? 1;
  const prefill = tokensPerSecondOf(await engine.prefill({ tokensCount: 32, threads: slowest })) ?? 1;
  return {
    decodeTokensCount: Math.min(64, Math.max(8, Math.round(decode * decodeRunSeconds))),
    promptTokensCount: promptLengths.find((length) => length / prefill <= prefillRunSeconds) ?? 32,
  };
}
