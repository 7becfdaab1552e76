import { StatsError } from "./errors.ts";

/** Sums over two signals of equal length, which of parts can be added up to those of the whole. */
export interface SignalSums {
  readonly count: number;
  /** The sum of the squares of the reference. */
  readonly signal: number;
  /** The sum of the squares of the differences. */
  readonly noise: number;
  /** The sum of the squares of the other signal. */
  readonly otherSignal: number;
}

/** How far one signal is from another. */
export interface SignalError {
  readonly count: number;
  /** Ten times the logarithm of signal over noise; null where it is no number. */
  readonly sqnrDecibels: number | null;
  /** The cosine of the angle between both; null where one of them is zero throughout. */
  readonly cosine: number | null;
  /** Why there is no ratio; null where there is. */
  readonly reason: string | null;
}

/** Ten times the logarithm of signal over noise: each bit more of a quantized signal gives about 6. */
export function decibelsOf(signal: number, noise: number): number {
  return 10 * Math.log10(signal / noise);
}

/**
 * The sums of two signals that `signalErrorOf` reads.
 * @throws {StatsError} `unequal-counts`
 */
export function compareSignals(reference: Float32Array, other: Float32Array): SignalSums {
  if (reference.length !== other.length) {
    const message = `the signals have ${reference.length} and ${other.length} samples; needed as many of each. Compare the same part of both.`;
    throw new StatsError("unequal-counts", message, { facts: { reference: reference.length, other: other.length } });
  }
  const sums = { count: reference.length, signal: 0, noise: 0, otherSignal: 0 };
  for (let index = 0; index < reference.length; index++) {
    const [one, two] = [reference[index] as number, other[index] as number];
    sums.signal += one * one;
    sums.noise += (one - two) ** 2;
    sums.otherSignal += two * two;
  }
  return sums;
}

/** The sums of parts, added up. */
export function addSignalSums(parts: readonly SignalSums[]): SignalSums {
  const total = { count: 0, signal: 0, noise: 0, otherSignal: 0 };
  for (const { count, signal, noise, otherSignal } of parts) {
    total.count += count;
    total.signal += signal;
    total.noise += noise;
    total.otherSignal += otherSignal;
  }
  return total;
}

function reasonOf({ signal, noise }: SignalSums): string | null {
  if (!Number.isFinite(signal) || !Number.isFinite(noise)) return "not finite";
  if (signal === 0) return "the reference is zero throughout";
  return noise === 0 ? "equal" : null;
}

/**
 * How far the other signal is from the reference.
 * @see https://en.wikipedia.org/wiki/Signal-to-quantization-noise_ratio
 */
export function signalErrorOf(sums: SignalSums): SignalError {
  const { count, signal, noise, otherSignal } = sums;
  const reason = reasonOf(sums);
  const cosine = (signal + otherSignal - noise) / (2 * Math.sqrt(signal * otherSignal));
  return {
    count,
    sqnrDecibels: reason === null ? decibelsOf(signal, noise) : null,
    cosine: Number.isFinite(cosine) ? cosine : null,
    reason,
  };
}
