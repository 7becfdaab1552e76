import { StatsError } from "./errors.ts";
import { assertSamples, sortedOf } from "./samples.ts";

/**
 * The q-quantile by linear interpolation between order statistics: type 7 of Hyndman and Fan, the default of R and NumPy.
 * @throws {StatsError} `empty`, `not-finite`, `bad-probability`
 * @see https://doi.org/10.1080/00031305.1996.10473566
 */
export function quantile(samples: readonly number[], q: number): number {
  assertSamples(samples);
  if (!(q >= 0 && q <= 1)) {
    throw new StatsError("bad-probability", `q is ${q}; needed 0 to 1. Write 0.9 for the 90th percentile.`, {
      facts: { q },
    });
  }
  const sorted = sortedOf(samples);
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position % 1);
}

/**
 * The middle sample, or the mean of the two middle ones.
 * @throws {StatsError} `empty`, `not-finite`
 */
export function medianOf(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}
