import { assertSamples, meanOf } from "./samples.ts";

const batchSize = 5;

function batchMeansOf(samples: readonly number[]): number[] {
  const batchesCount = Math.floor(samples.length / batchSize);
  return Array.from({ length: batchesCount }, (_, index) =>
    meanOf(samples.slice(index * batchSize, (index + 1) * batchSize)),
  );
}

/**
 * How many samples at the beginning are warm-up and should be left out: the truncation that makes the standard error of
 * the rest smallest, by the MSER-5 rule (batches of five, at most half of them). Zero below ten samples. A count near half
 * of the samples means that the warm-up had not ended.
 * @throws {StatsError} `empty`, `not-finite`
 * @see White, Cobb and Spratt (2000), A comparison of five steady-state truncation heuristics for simulation
 */
export function detectWarmup(samples: readonly number[]): number {
  assertSamples(samples);
  const batches = batchMeansOf(samples);
  const best = { cut: 0, squaredError: Infinity };
  let [keptCount, mean, squares] = [0, 0, 0];
  for (const [cut, batch] of [...batches.entries()].reverse()) {
    keptCount++;
    const difference = batch - mean;
    mean += difference / keptCount;
    squares += difference * (batch - mean);
    const squaredError = squares / keptCount ** 2;
    if (cut <= batches.length / 2 && squaredError <= best.squaredError) Object.assign(best, { cut, squaredError });
  }
  return best.cut * batchSize;
}
