import type { Engine } from "../inference/index.ts";
import { type ThreadPlacement, tokensPerSecondOf } from "../inference/index.ts";

/** How many tokens the runs of one model have. */
export interface RunLengths {
  readonly decodeTokensCount: number;
  readonly promptTokensCount: number;
  /** A decode is cut short here; when it is left out, where the engine does. */
  readonly maximumSeconds?: number;
}

/** The lengths of a study: speed depends on them, so only what a machine is far too slow for is made shorter. */
export const standardLengths = { decodeTokensCount: 32, promptTokensCount: 128 } as const;
const shortestLengths = { decodeTokensCount: 8, promptTokensCount: 32 } as const;

/** More than twice what a run should take: what the slowest placement would need longer for is made shorter. */
const longestRunSeconds = 4;
/** A decode that takes so many times as long as the slowest placement should is behind a thread cliff. */
const cliffTimes = 4;

/** The standard length, halved until a run of it does not take too long at this rate; never below the shortest. */
function fittingLength(kind: keyof typeof standardLengths, tokensPerSecond: number): number {
  let length: number = standardLengths[kind];
  while (length > shortestLengths[kind] && length / tokensPerSecond > longestRunSeconds) length /= 2;
  return length;
}

/** The lengths for a machine whose slowest placement does so many tokens a second. */
export function lengthsFor(rates: { readonly decode: number; readonly prefill: number }): Required<RunLengths> {
  const decodeTokensCount = fittingLength("decodeTokensCount", rates.decode);
  const decodeSeconds = decodeTokensCount / rates.decode;
  return {
    decodeTokensCount,
    promptTokensCount: fittingLength("promptTokensCount", rates.prefill),
    maximumSeconds: Math.max(longestRunSeconds, cliffTimes * decodeSeconds),
  };
}

/** The faster of two trials, because noise only slows; without any time, a rate at which nothing is made shorter. */
async function trialRate(engine: Engine, kind: "decode" | "prefill", trial: Parameters<Engine["decode"]>[0]) {
  const rates = [await engine[kind](trial), await engine[kind](trial)].map(tokensPerSecondOf);
  return Math.max(...rates.map((rate) => rate ?? Infinity));
}

/**
 * Chooses the lengths by a short trial with the placement that is expected to be the slowest. The trial also warms the
 * page cache and the engine; its times are thrown away.
 */
export async function calibrateLengths(engine: Engine, threads: ThreadPlacement): Promise<Required<RunLengths>> {
  await engine.decode({ tokensCount: 1, threads });
  const decode = await trialRate(engine, "decode", { tokensCount: 4, threads });
  const prefill = await trialRate(engine, "prefill", { tokensCount: 32, threads });
  return lengthsFor({ decode, prefill });
}
