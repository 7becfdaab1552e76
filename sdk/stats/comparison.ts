import { StatsError } from "./errors.ts";
import { summarize, type Summary } from "./summary.ts";

/** How much larger one side of pairs is than the other, with the 95 % interval of that ratio. */
export interface Comparison {
  /** Pairs. */
  readonly count: number;
  /** Above 1 where the measured side is larger. */
  readonly ratio: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly method: Summary["method"];
  /** Why there is no interval, else null. */
  readonly reason: string | null;
}

function logRatio(measured: number, reference: number): number {
  if (measured > 0 && reference > 0) return Math.log(measured / reference);
  const message = `a pair is ${measured} and ${reference}; a ratio needs both above 0. Leave failed pairs out.`;
  throw new StatsError("not-positive", message, { facts: { measured, reference } });
}

/**
 * The ratio measured/reference of samples taken in pairs, one of each side a round: the summary of the logarithms of the
 * ratios, turned back. Slow drift of the machine cancels in each pair.
 * @throws {StatsError} `unequal-counts`, `empty`, `not-finite`, `not-positive`
 */
export function comparePaired(measured: readonly number[], reference: readonly number[]): Comparison {
  if (measured.length !== reference.length) {
    const facts = { measured: measured.length, reference: reference.length };
    const message = `there are ${facts.measured} measured and ${facts.reference} reference samples; needed as many of each. Leave unfinished rounds out.`;
    throw new StatsError("unequal-counts", message, { facts });
  }
  const logRatios = measured.map((value, index) => logRatio(value, reference[index] ?? NaN));
  const { count, estimate, low, high, method, reason } = summarize(logRatios);
  const turnBack = (end: number | null) => (end === null ? null : Math.exp(end));
  return { count, ratio: Math.exp(estimate), low: turnBack(low), high: turnBack(high), method, reason };
}
