import { StatsError } from "./errors.ts";

/** Nothing when there is at least one sample and all are finite. */
export function assertSamples(samples: readonly number[]): void {
  if (samples.length === 0) {
    throw new StatsError("empty", "there are 0 samples; needed at least 1. Measure before you summarize.");
  }
  const index = samples.findIndex((value) => !Number.isFinite(value));
  if (index === -1) return;
  const value = samples[index];
  const message = `sample ${index} is ${value}; needed finite numbers. Leave failed measurements out.`;
  throw new StatsError("not-finite", message, { facts: { index, value } });
}

/** A copy in ascending order. */
export function sortedOf(samples: readonly number[]): Float64Array {
  return Float64Array.from(samples).sort();
}

/** The arithmetic mean of at least one sample. */
export function meanOf(samples: readonly number[]): number {
  return samples.reduce((sum, value) => sum + value, 0) / samples.length;
}

/** The sample standard deviation (n − 1), or null below two samples. */
export function standardDeviationOf(samples: readonly number[]): number | null {
  if (samples.length < 2) return null;
  const mean = meanOf(samples);
  const squares = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (samples.length - 1));
}
