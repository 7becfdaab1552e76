import { DataFrame, FrameError, pivot, rowsOf } from "numalab/frame";
import { expect, test } from "vitest";

const frame = new DataFrame([
  { quant: "Q4", threads: 2, speed: 10 },
  { quant: "Q4", threads: 1, speed: 5 },
  { quant: "Q8", threads: 2, speed: 6 },
  { quant: "Q4", threads: 2, speed: 30 },
  { quant: "Q8", threads: 2, speed: null },
]);
const spec = { index: "threads", columns: "quant", values: "speed" };

test("a pivot has a row and a column for each value, and null where there are no numbers", () => {
  expect(rowsOf(pivot(frame, spec))).toEqual([
    { threads: 2, Q4: 20, Q8: 6 },
    { threads: 1, Q4: 5, Q8: null },
  ]);
});

test.each([
  ["median", 20],
  ["sum", 40],
  ["count", 2],
  ["min", 10],
  ["max", 30],
] as const)("the cells can hold the %s", (aggregate, expected) => {
  expect(pivot(frame, { ...spec, aggregate }).at(0, "Q4")).toBe(expected);
});

test("the cells can hold what any function makes of their numbers", () => {
  expect(pivot(frame, { ...spec, aggregate: (values) => values.length * 100 }).at(0, "Q8")).toBe(100);
});

test("names that would stand twice, and columns that are not there, are refused", () => {
  const twice = new DataFrame([{ a: "b", b: 1, c: 1 }]);
  expect(() => pivot(twice, { index: "b", columns: "a", values: "c" })).toThrow(
    'Two columns of the pivot would be named "b".',
  );
  expect(() => pivot(frame, { ...spec, values: "quant" })).toThrow(FrameError);
  expect(() => pivot(frame, { ...spec, index: "nope" })).toThrow("quant, threads, speed");
});
