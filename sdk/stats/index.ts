/** Numbers from samples: estimates with intervals, ratios of pairs, warm-up, and recorded randomness. */
export { comparePaired, type Comparison } from "./comparison.ts";
export { StatsError } from "./errors.ts";
export { knownSumOf } from "./knownSum.ts";
export { medianOf, quantile } from "./quantile.ts";
export { seededRandom, shuffle, type Random } from "./random.ts";
export { summarize, type Summary } from "./summary.ts";
export { detectWarmup } from "./warmup.ts";
export { rateOf } from "./rate.ts";
export { summarizeRates } from "./rates.ts";
export {
  addSignalSums,
  compareSignals,
  decibelsOf,
  signalErrorOf,
  type SignalError,
  type SignalSums,
} from "./signalError.ts";
