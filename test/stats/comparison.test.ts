import { expect, test } from "vitest";
import { comparePaired } from "../../sdk/stats/comparison.ts";
import { StatsError } from "../../sdk/stats/errors.ts";
import { seededRandom } from "../../sdk/stats/random.ts";

test("a constant ratio is found exactly, whatever the rounds have in common", () => {
  const reference = [10, 20, 5, 40, 8, 16, 30, 12];
  const comparison = comparePaired(
    reference.map((value) => value * 1.25),
    reference,
  );
  expect(comparison).toMatchObject({ count: 8, method: "wilcoxon", reason: null });
  for (const value of [comparison.ratio, comparison.low, comparison.high]) expect(value).toBeCloseTo(1.25, 12);
});

test("exchanging the sides inverts the ratio and its interval", () => {
  const random = seededRandom(7);
  const [a, b] = [1, 2].map((base) => Array.from({ length: 12 }, () => base + random()));
  const [forth, back] = [comparePaired(a!, b!), comparePaired(b!, a!)];
  expect(forth.ratio * back.ratio).toBeCloseTo(1, 12);
  expect(forth.low! * back.high!).toBeCloseTo(1, 12);
});

test("drift shared by both sides leaves the interval narrow, and an A/A comparison holds 1", () => {
  const random = seededRandom(11);
  const drift = Array.from({ length: 30 }, (_, round) => 100 * 1.05 ** round);
  const noisy = () => drift.map((value) => value * (1 + 0.01 * (random() - 0.5)));
  const { low, high } = comparePaired(noisy(), noisy());
  expect(low).toBeLessThan(1);
  expect(high).toBeGreaterThan(1);
  expect(high! - low!).toBeLessThan(0.005);
});

test("too few pairs give a ratio without an interval, and say why", () => {
  expect(comparePaired([2, 8], [1, 2])).toEqual({
    count: 2,
    ratio: expect.closeTo(Math.sqrt(8), 12) as number,
    low: null,
    high: null,
    method: null,
    reason: "an interval needs at least 3 samples, there are 2",
  });
});

test("sides of unequal length and values that allow no ratio are refused", () => {
  expect(() => comparePaired([1, 2], [1])).toThrowErrorMatchingInlineSnapshot(
    `[StatsError: there are 2 measured and 1 reference samples; needed as many of each. Leave unfinished rounds out.]`,
  );
  expect(() => comparePaired([1, 0], [1, 1])).toThrowErrorMatchingInlineSnapshot(
    `[StatsError: a pair is 0 and 1; a ratio needs both above 0. Leave failed pairs out.]`,
  );
  expect(() => comparePaired([], [])).toThrow(StatsError);
  expect(() => comparePaired([NaN], [1])).toThrow(StatsError);
  expect(() => comparePaired([Infinity], [1])).toThrow(StatsError);
});
