import { tokensPerSecondOf } from "../inference/index.ts";
import { summarizeRates } from "../stats/index.ts";
import { cutShortOf } from "./cutShort.ts";
import type { Run } from "./run.ts";

/** Tokens a second of one run: decoded ones, or those of the prompt; null for one that timed none, or was cut too short. */
export function throughputOf(run: Pick<Run, "kind" | "samples" | "spec">): number | null {
  const { kind, samples, spec } = run;
  if (cutShortOf(run)?.isExcluded === true) return null;
  const { tokenSeconds } = samples;
  const tokensCount = kind === "decode" ? tokenSeconds?.length : spec.promptTokensCount;
  if (kind === "bandwidth" || tokenSeconds === null || tokensCount == null) return null;
  return tokensPerSecondOf({ tokensCount, tokenSeconds });
}

/** Estimate and interval of the tokens a second of some runs, and how many gave one; all null when none did. */
export function summarizeThroughput(runs: readonly Run[]): {
  readonly [End in "estimate" | "low" | "high"]: number | null;
} & { readonly count: number } {
  const samples = runs.flatMap((run) => throughputOf(run) ?? []);
  return samples.length === 0 ? { estimate: null, low: null, high: null, count: 0 } : summarizeRates(samples);
}
