import { StatsError } from "./errors.ts";
import { type Summary, summarize } from "./summary.ts";

const expOrNull = (value: number | null): number | null => (value === null ? null : Math.exp(value));

/**
 * The summary of rates or times, which are positive and vary by factors: estimate and interval are made of the
 * logarithms, so that no end lies below zero. Otherwise as `summarize`.
 * @throws {StatsError} `empty`, `not-finite`, `not-positive`
 */
export function summarizeRates(samples: readonly number[]): Summary {
  const plain = summarize(samples);
  if (plain.minimum <= 0) {
    const message = `The samples hold ${plain.minimum}; rates must be above zero. Leave failed runs out.`;
    throw new StatsError("not-positive", message, { facts: { minimum: plain.minimum } });
  }
  if (plain.method === null) return plain;
  const { estimate, low, high } = summarize(samples.map(Math.log));
  return { ...plain, estimate: Math.exp(estimate), low: expOrNull(low), high: expOrNull(high) };
}
