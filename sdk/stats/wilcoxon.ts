import { sortedOf } from "./samples.ts";

/** Below this many samples no 95 % interval exists: the widest one covers 1 − 2/2⁵ = 0.9375. */
export const wilcoxonMinimumCount = 6;

/** Up to this many samples the distribution is enumerated; above it is taken as normal. */
const exactMaximumCount = 50;

/** The 0.975 quantile of the standard normal distribution. */
const normalQuantile = 1.959963984540054;

/** Probabilities of every value of the signed-rank statistic of `count` samples: each rank is in the sum or not, by a fair coin. */
function signedRankProbabilities(count: number): number[] {
  let probabilities = [1];
  for (let rank = 1; rank <= count; rank++) {
    const before = probabilities;
    probabilities = Array.from(
      { length: before.length + rank },
      (_, sum) => ((before[sum] ?? 0) + (before[sum - rank] ?? 0)) / 2,
    );
  }
  return probabilities;
}

function exactTailRank(count: number): number {
  let tail = 0;
  return signedRankProbabilities(count).findIndex((probability) => {
    tail += probability;
    return tail > 0.025;
  });
}

function normalTailRank(count: number): number {
  const mean = (count * (count + 1)) / 4;
  const standardDeviation = Math.sqrt((count * (count + 1) * (2 * count + 1)) / 24);
  return Math.floor(mean + 0.5 - normalQuantile * standardDeviation);
}

/**
 * The rank k for which the k-th smallest and the k-th largest pair mean bound a 95 % interval: the largest k with
 * P(statistic < k) ≤ 0.025. Exact up to 50 samples, by the normal approximation with continuity correction above.
 */
export function tailRankOf(count: number): number {
  return count <= exactMaximumCount ? exactTailRank(count) : normalTailRank(count);
}

/** How many means of two samples (each sample with itself too) are at most `limit`. */
function pairMeansAtMost(sorted: Float64Array, limit: number): number {
  let count = 0;
  let right = sorted.length - 1;
  for (const [left, value] of sorted.entries()) {
    while (right >= left && value + (sorted[right] ?? NaN) > 2 * limit) right--;
    if (right < left) break;
    count += right - left + 1;
  }
  return count;
}

/** The mean of two samples with the given rank among all n(n + 1)/2, by bisection: building them all would not fit long series. */
function pairMeanOfRank(sorted: Float64Array, rank: number): number {
  let low = sorted[0] ?? NaN;
  let high = sorted.at(-1) ?? NaN;
  if (pairMeansAtMost(sorted, low) >= rank) return low;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return high;
    if (pairMeansAtMost(sorted, middle) >= rank) high = middle;
    else low = middle;
  }
}

/** A location with its 95 % interval. */
export interface Location {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The Hodges–Lehmann pseudo-median (the median of all pair means) with the interval of Wilcoxon's signed-rank test, for
 * at least six samples. It asks that the samples be symmetric about their middle, not that they be normal.
 * @see https://doi.org/10.1214/aoms/1177704172
 */
export function wilcoxonLocation(samples: readonly number[]): Location {
  const sorted = sortedOf(samples);
  const pairsCount = (sorted.length * (sorted.length + 1)) / 2;
  const tailRank = tailRankOf(sorted.length);
  const ofRank = (rank: number) => pairMeanOfRank(sorted, rank);
  return {
    estimate: (ofRank(Math.ceil(pairsCount / 2)) + ofRank(Math.floor(pairsCount / 2) + 1)) / 2,
    low: ofRank(tailRank),
    high: ofRank(pairsCount + 1 - tailRank),
  };
}
