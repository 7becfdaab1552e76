import { quantile } from "../stats/index.ts";
import type { BatchedRun } from "./batching.ts";

/** What a batched run gave, over all its requests. Times are medians and 95th percentiles; null without any. */
export interface BatchSummary {
  /** Generated tokens of all requests, from the first computation to the last. */
  readonly tokensPerSecond: number | null;
  readonly ttftMedianSeconds: number | null;
  readonly ttft95Seconds: number | null;
  readonly interTokenMedianSeconds: number | null;
  readonly interToken95Seconds: number | null;
  /** Requests that got a token in a step, in the mean over the steps that gave one. */
  readonly meanDecodeRowsCount: number | null;
}

const quantileOf = (samples: readonly number[], q: number): number | null =>
  samples.length === 0 ? null : quantile(samples, q);

/** The summary of a batched run. */
export function summarizeBatched({ generations, steps }: BatchedRun): BatchSummary {
  const firsts = generations.flatMap(({ tokenSeconds }) => tokenSeconds.slice(0, 1));
  const gaps = generations.flatMap(({ tokenSeconds }) =>
    tokenSeconds.slice(1).map((seconds, index) => seconds - (tokenSeconds[index] ?? 0)),
  );
  const tokensCount = generations.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const elapsedSeconds = (steps.at(-1)?.endSeconds ?? 0) - (steps[0]?.startSeconds ?? 0);
  const rows = steps.map(({ decodeRowsCount }) => decodeRowsCount).filter((count) => count > 0);
  return {
    tokensPerSecond: elapsedSeconds > 0 ? tokensCount / elapsedSeconds : null,
    ttftMedianSeconds: quantileOf(firsts, 0.5),
    ttft95Seconds: quantileOf(firsts, 0.95),
    interTokenMedianSeconds: quantileOf(gaps, 0.5),
    interToken95Seconds: quantileOf(gaps, 0.95),
    meanDecodeRowsCount: rows.length === 0 ? null : rows.reduce((sum, count) => sum + count, 0) / rows.length,
  };
}
