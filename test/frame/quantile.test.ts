import { expect, test } from "vitest";
import { quantileOf } from "../../sdk/frame/quantile.ts";

const frame = {
  columns: ["x", "none"],
  values: [
    [4, NaN],
    [null, null],
    [1, NaN],
    [3, NaN],
    [2, NaN],
  ],
};

test("a quantile is of the numbers that are there", () => {
  expect([0, 0.5, 0.9, 1].map((q) => quantileOf(frame, "x", q))).toEqual([1, 2.5, 3.7, 4]);
});

test("a column without numbers has no quantile", () => {
  expect(quantileOf(frame, "none", 0.5)).toBeNull();
});

test("a probability beyond 1 is refused", () => {
  expect(() => quantileOf(frame, "x", 99)).toThrow("99");
});
