import { medianOf } from "./quantile.ts";
import { assertSamples, meanOf, standardDeviationOf } from "./samples.ts";
import { wilcoxonLocation, wilcoxonMinimumCount } from "./wilcoxon.ts";

/** What a set of samples says: an estimate with its 95 % interval, and how they were made. */
export interface Summary {
  readonly count: number;
  /** Hodges–Lehmann pseudo-median from 6 samples on, the mean below. */
  readonly estimate: number;
  /** The 95 % interval of the estimate, or null with a reason. */
  readonly low: number | null;
  readonly high: number | null;
  readonly method: "wilcoxon" | "student-t" | null;
  /** Why there is no interval, else null. */
  readonly reason: string | null;
  readonly median: number;
  readonly mean: number;
  readonly standardDeviation: number | null;
  readonly minimum: number;
  readonly maximum: number;
}

/** The 0.975 quantile of Student's t by number of samples (one more than its degrees of freedom). */
const studentQuantiles: Readonly<Record<number, number>> = {
  3: 4.302652729749464,
  4: 3.18244630528371,
  5: 2.776445105197794,
};

type Estimate = Pick<Summary, "estimate" | "low" | "high" | "method" | "reason">;

function estimateOf(samples: readonly number[]): Estimate {
  if (samples.length >= wilcoxonMinimumCount) {
    return { ...wilcoxonLocation(samples), method: "wilcoxon", reason: null };
  }
  const estimate = meanOf(samples);
  const standardDeviation = standardDeviationOf(samples);
  const quantile = studentQuantiles[samples.length];
  if (quantile === undefined || standardDeviation === null) {
    const reason = `an interval needs at least 3 samples, there ${samples.length === 1 ? "is 1" : `are ${samples.length}`}`;
    return { estimate, low: null, high: null, method: null, reason };
  }
  const margin = (quantile * standardDeviation) / Math.sqrt(samples.length);
  return { estimate, low: estimate - margin, high: estimate + margin, method: "student-t", reason: null };
}

/**
 * The estimate of what was sampled with its 95 % interval: the Hodges–Lehmann pseudo-median with Wilcoxon's signed-rank
 * interval from 6 samples on (exact up to 50, normal approximation above), the mean with Student's t from 3 to 5, the mean
 * alone below, with the reason.
 * @throws {StatsError} `empty`, `not-finite`
 */
export function summarize(samples: readonly number[]): Summary {
  assertSamples(samples);
  return {
    count: samples.length,
    ...estimateOf(samples),
    median: medianOf(samples),
    mean: meanOf(samples),
    standardDeviation: standardDeviationOf(samples),
    minimum: samples.reduce((a, b) => Math.min(a, b)),
    maximum: samples.reduce((a, b) => Math.max(a, b)),
  };
}
