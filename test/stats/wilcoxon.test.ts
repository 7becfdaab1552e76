import fc from "fast-check";
import { expect, test } from "vitest";
import { tailRankOf, wilcoxonLocation } from "../../sdk/stats/wilcoxon.ts";

/** All n(n + 1)/2 means of two samples, in order. */
function pairMeansOf(samples: readonly number[]): number[] {
  return samples.flatMap((a, i) => samples.slice(i).map((b) => (a + b) / 2)).sort((a, b) => a - b);
}

/** P(statistic < rank) counted over all 2^count ways to choose ranks. */
function tailProbability(count: number, rank: number): number {
  const sums = Array.from({ length: 2 ** count }, (_, chosen) => {
    return Array.from({ length: count }, (_, bit) => (chosen & (1 << bit) ? bit + 1 : 0)).reduce((a, b) => a + b);
  });
  return sums.filter((sum) => sum < rank).length / sums.length;
}

test("the tail rank is the largest that keeps each tail at 0.025, by enumeration", () => {
  for (let count = 6; count <= 12; count++) {
    const rank = tailRankOf(count);
    expect(tailProbability(count, rank), `${count} samples`).toBeLessThanOrEqual(0.025);
    expect(tailProbability(count, rank + 1), `${count} samples`).toBeGreaterThan(0.025);
  }
});

test("the tail ranks are those of the published tables", () => {
  const published = { 6: 1, 8: 4, 10: 9, 15: 26, 20: 53, 25: 90, 30: 138, 40: 265, 50: 435 };
  for (const [count, rank] of Object.entries(published)) expect(tailRankOf(Number(count)), count).toBe(rank);
});

test("above 50 samples the normal approximation is within one rank of the exact one", () => {
  const exact = { 51: 454, 60: 649, 100: 1956, 200: 8445 };
  for (const [count, rank] of Object.entries(exact)) {
    expect(Math.abs(tailRankOf(Number(count)) - rank), count).toBeLessThanOrEqual(1);
  }
});

test("the depression scores of Hollander and Wolfe give the estimate and interval known from the textbook", () => {
  const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  const { estimate, low, high } = wilcoxonLocation(before.map((value, index) => value - after[index]!));
  expect(estimate).toBeCloseTo(0.46, 12);
  expect(low).toBeCloseTo(0.01, 12);
  expect(high).toBeCloseTo(0.786, 12);
});

test("estimate and interval are exactly those of the sorted list of all pair means", () => {
  const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 6, maxLength: 60 });
  fc.assert(
    fc.property(samples, (values) => {
      const means = pairMeansOf(values);
      const rank = tailRankOf(values.length);
      const { estimate, low, high } = wilcoxonLocation(values);
      expect(low).toBeCloseTo(means[rank - 1]!, 12);
      expect(high).toBeCloseTo(means.at(-rank)!, 12);
      expect(estimate).toBeCloseTo(
        (means[Math.ceil(means.length / 2) - 1]! + means[Math.floor(means.length / 2)]!) / 2,
        12,
      );
    }),
  );
});

test("ties and a constant series are no trouble", () => {
  expect(wilcoxonLocation([2, 2, 2, 2, 2, 2, 2])).toEqual({ estimate: 2, low: 2, high: 2 });
  expect(wilcoxonLocation([1, 1, 1, 2, 2, 2])).toEqual({ estimate: 1.5, low: 1, high: 2 });
});

test("twenty thousand samples are summarized without building their pairs", () => {
  const { estimate, low, high } = wilcoxonLocation(Array.from({ length: 20_001 }, (_, index) => index));
  expect(estimate).toBe(10_000);
  expect(high - estimate).toBe(estimate - low);
});
