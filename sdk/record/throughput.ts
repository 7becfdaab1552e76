import { rateOf, summarizeRates } from "../stats/index.ts";
import { cutShortOf } from "./cutShort.ts";
import { isOutputSuspect } from "./outputSuspect.ts";
import type { Run } from "./run.ts";

type Timed = Pick<Run, "kind" | "samples" | "spec">;

/** Tokens that a run processed: those of its prompt, or one for each time after it. */
function tokensCountOf({ kind, samples, spec }: Timed): number {
  const timesCount = samples.tokenSeconds?.length ?? 0;
  if (kind === "decode") return timesCount;
  return (spec.promptTokensCount ?? 0) + (kind === "reply" ? Math.max(0, timesCount - 1) : 0);
}

/**
 * Tokens a second of one run: decoded ones, those of the prompt, or both; null for one that timed none, was cut too short, or
 * computed what could not be text.
 */
export function throughputOf(run: Timed & Pick<Run, "warnings">): number | null {
  const { tokenSeconds } = run.samples;
  const isExcluded = cutShortOf(run)?.isExcluded === true || isOutputSuspect(run);
  if (isExcluded || run.kind === "bandwidth" || tokenSeconds === null) return null;
  const tokensCount = tokensCountOf(run);
  return tokensCount === 0 ? null : rateOf(tokensCount, tokenSeconds.at(-1));
}

/** Estimate and interval of the tokens a second of some runs, and how many gave one; all null when none did. */
export function summarizeThroughput(runs: readonly Run[]): {
  readonly [End in "estimate" | "low" | "high"]: number | null;
} & { readonly count: number } {
  const samples = runs.flatMap((run) => throughputOf(run) ?? []);
  return samples.length === 0 ? { estimate: null, low: null, high: null, count: 0 } : summarizeRates(samples);
}
