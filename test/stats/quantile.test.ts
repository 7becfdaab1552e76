import fc from "fast-check";
import { expect, test } from "vitest";
import { StatsError } from "../../sdk/stats/errors.ts";
import { medianOf, quantile } from "../../sdk/stats/quantile.ts";

test("quantiles are interpolated as R and NumPy do by default", () => {
  const samples = [15, 20, 35, 40, 50];
  expect([0, 0.25, 0.4, 0.5, 0.9, 1].map((q) => quantile(samples, q))).toEqual([15, 20, 29, 35, 46, 50]);
  expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
});

test("the median is the middle, or the mean of the two middles, in any order", () => {
  expect(medianOf([9, 1, 5])).toBe(5);
  expect(medianOf([10, 9, 1, 5])).toBe(7);
});

test("a quantile lies within the samples and grows with q", () => {
  const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  const probability = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1 }), probability, probability, (samples, p, q) => {
      const [lower, upper] = [quantile(samples, Math.min(p, q)), quantile(samples, Math.max(p, q))];
      expect(lower).toBeLessThanOrEqual(upper + 1e-6);
      expect(quantile(samples, 0)).toBeCloseTo(Math.min(...samples), 9);
      expect(quantile(samples, 1)).toBeCloseTo(Math.max(...samples), 9);
    }),
  );
});

test("a probability outside 0 to 1 is refused", () => {
  for (const q of [-0.1, 1.1, NaN]) expect(() => quantile([1], q)).toThrow(StatsError);
  expect(() => quantile([1], 90)).toThrowErrorMatchingInlineSnapshot(
    `[StatsError: q is 90; needed 0 to 1. Write 0.9 for the 90th percentile.]`,
  );
});
