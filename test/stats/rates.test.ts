import { expect, test } from "vitest";
import { summarizeRates } from "../../sdk/stats/rates.ts";
import { summarize } from "../../sdk/stats/summary.ts";

test("the interval of few and very different rates stays above zero", () => {
  const rates = [0.5, 4, 2];
  expect(summarize(rates).low).toBeLessThan(0);
  const { estimate, low, high, method } = summarizeRates(rates);
  expect(method).toBe("student-t");
  expect(estimate).toBeCloseTo(Math.cbrt(4), 12);
  expect(low).toBeGreaterThan(0);
  expect(Math.sqrt(low! * high!)).toBeCloseTo(estimate, 12);
});

test("six rates keep their range as the exact interval, whatever the scale", () => {
  expect(summarizeRates([1, 2, 3, 4, 5, 6])).toMatchObject({ count: 6, method: "wilcoxon", median: 3.5 });
  expect(summarizeRates([1, 2, 3, 4, 5, 6]).low).toBeCloseTo(1, 12);
  const scaled = summarizeRates([10, 20, 30, 40, 50, 60]).estimate / summarizeRates([1, 2, 3, 4, 5, 6]).estimate;
  expect(scaled).toBeCloseTo(10, 9);
});

test("a rate of zero is refused", () => {
  expect(() => summarizeRates([1, 0])).toThrow(expect.objectContaining({ code: "not-positive" }));
});
