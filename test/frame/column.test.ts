import { expect, test } from "vitest";
import { numbersOf, rowsOf, valuesOf } from "../../sdk/frame/column.ts";
import { FrameError } from "../../sdk/frame/errors.ts";

const frame = {
  columns: ["name", "speed"],
  values: [
    ["a", 1.5],
    ["b", NaN],
    [null, null],
  ],
};

test("rows of a frame are records in which missing values are null", () => {
  expect(rowsOf(frame)).toEqual([
    { name: "a", speed: 1.5 },
    { name: "b", speed: null },
    { name: null, speed: null },
  ]);
});

test("an unknown column is refused with the names of those there are", () => {
  expect(() => valuesOf(frame, "sped")).toThrow(FrameError);
  expect(() => valuesOf(frame, "sped")).toThrow(
    'There is no column "sped"; the frame has name, speed. Name one of these.',
  );
  expect(() => valuesOf({ columns: [], values: [] }, "x")).toThrow("the frame has no columns");
});

test("numbers are asked of a column of numbers only", () => {
  expect(numbersOf(frame, "speed")).toEqual([1.5, null, null]);
  expect(() => numbersOf(frame, "name")).toThrow('Column "name" holds "a", and numbers are needed.');
});
