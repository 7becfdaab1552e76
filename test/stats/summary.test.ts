import { expect, test } from "vitest";
import { StatsError } from "../../sdk/stats/errors.ts";
import { seededRandom } from "../../sdk/stats/random.ts";
import { summarize } from "../../sdk/stats/summary.ts";

test("three to five samples give the mean with Student's t", () => {
  const three = summarize([3, 1, 4]);
  expect(three).toMatchObject({ count: 3, method: "student-t", reason: null, median: 3, minimum: 1, maximum: 4 });
  expect(three.estimate).toBeCloseTo(8 / 3, 12);
  expect(three.low).toBeCloseTo(-1.127916366930093, 10);
  expect(three.high).toBeCloseTo(6.461249700263426, 10);
  const four = summarize([10, 12, 11, 13]);
  expect(four.low).toBeCloseTo(9.445739743239479, 10);
  expect(four.high).toBeCloseTo(13.554260256760521, 10);
  expect(four.standardDeviation).toBeCloseTo(Math.sqrt(5 / 3), 12);
});

test("six samples give the pseudo-median, and their whole range as the interval", () => {
  const summary = summarize([1, 2, 3, 4, 5, 100]);
  expect(summary).toMatchObject({ count: 6, method: "wilcoxon", low: 1, high: 100, median: 3.5, mean: 115 / 6 });
  expect(summary.estimate).toBe(3.5);
});

test("one spike hardly moves the estimate", () => {
  const calm = Array.from({ length: 20 }, (_, index) => 100 + (index % 5));
  expect(Math.abs(summarize([...calm, 1000]).estimate / summarize(calm).estimate - 1)).toBeLessThan(0.005);
});

test("below three samples there is no interval, and the summary says why", () => {
  expect(summarize([7])).toEqual({
    count: 1,
    estimate: 7,
    low: null,
    high: null,
    method: null,
    reason: "an interval needs at least 3 samples, there is 1",
    median: 7,
    mean: 7,
    standardDeviation: null,
    minimum: 7,
    maximum: 7,
  });
  expect(summarize([7, 9])).toMatchObject({
    estimate: 8,
    low: null,
    reason: "an interval needs at least 3 samples, there are 2",
  });
});

test("no samples and samples that are not finite are refused", () => {
  expect(() => summarize([])).toThrowErrorMatchingInlineSnapshot(
    `[StatsError: there are 0 samples; needed at least 1. Measure before you summarize.]`,
  );
  expect(() => summarize([1, NaN])).toThrowErrorMatchingInlineSnapshot(
    `[StatsError: sample 1 is NaN; needed finite numbers. Leave failed measurements out.]`,
  );
  expect(() => summarize([Infinity])).toThrow(StatsError);
});

/** Normal numbers by the method of Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

test.each([4, 10, 20])("of many 95 % intervals from %d samples, 93 to 97 % hold the truth", (count) => {
  const random = seededRandom(20_260_101 + count);
  const trials = Array.from({ length: 2000 }, () => summarize(Array.from({ length: count }, () => 5 + normal(random))));
  const holding = trials.filter(({ low, high }) => low! <= 5 && 5 <= high!).length;
  expect(holding / trials.length).toBeGreaterThan(0.93);
  expect(holding / trials.length).toBeLessThan(0.97);
});
