import { expect, test } from "vitest";
import { StatsError } from "../../sdk/stats/errors.ts";
import { seededRandom } from "../../sdk/stats/random.ts";
import { detectWarmup } from "../../sdk/stats/warmup.ts";

/** The rule as it is written: the squared standard error of what is left, for every cut up to half. */
function byDefinition(samples: readonly number[]): number {
  const batches = Array.from({ length: Math.floor(samples.length / 5) }, (_, index) => {
    return samples.slice(index * 5, index * 5 + 5).reduce((a, b) => a + b) / 5;
  });
  const errors = batches.slice(0, Math.floor(batches.length / 2) + 1).map((_, cut) => {
    const kept = batches.slice(cut);
    const mean = kept.reduce((a, b) => a + b) / kept.length;
    return kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length ** 2;
  });
  return 5 * errors.indexOf(Math.min(...errors));
}

const seriesOf = (count: number, value: (index: number, noise: number) => number) => {
  const random = seededRandom(3);
  return Array.from({ length: count }, (_, index) => value(index, random() - 0.5));
};

test("slow first samples are found as warm-up", () => {
  expect(detectWarmup(Array.from({ length: 100 }, (_, index) => (index < 20 ? 50 : 10)))).toBe(20);
  const noisy = seriesOf(100, (index, noise) => (index < 20 ? 50 : 10) + noise);
  expect(detectWarmup(noisy)).toBeGreaterThanOrEqual(20);
  expect(detectWarmup(noisy)).toBeLessThan(50);
});

test("a series that is steady from the start has none", () => {
  expect(detectWarmup(Array.from({ length: 50 }, () => 3))).toBe(0);
  expect(detectWarmup([1, 2, 3])).toBe(0);
  expect(detectWarmup([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBe(0);
});

test("the count is that of the rule's definition for decays of any length", () => {
  for (const length of [1, 3, 10, 30, 100]) {
    const series = seriesOf(203, (index, noise) => 10 + 20 * Math.exp(-index / length) + noise);
    expect(detectWarmup(series), `decay ${length}`).toBe(byDefinition(series));
  }
});

test("a series that never settles is cut by half, not more", () => {
  expect(detectWarmup(Array.from({ length: 100 }, (_, index) => index))).toBe(50);
});

test("no samples are refused", () => {
  expect(() => detectWarmup([])).toThrow(StatsError);
});
