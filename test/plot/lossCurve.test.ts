import { expect, test } from "vitest";
import { lossCurve } from "../../sdk/plot/index.ts";

const pointOf = (stepNumber: number, value: number, loss = "loss") => ({ net: "student", loss, stepNumber, value });

test("each loss keeps all its points beside a line through their means", () => {
  const values = Array.from({ length: 60 }, (_, at) => at % 2);
  const points = values.map((value, at) => pointOf(at + 1, value));
  const { data } = lossCurve([...points.toReversed(), pointOf(1, 5, "hardLoss")]);
  expect(data.map(({ name, mode }) => [name, mode])).toEqual([
    ["student, loss", "markers"],
    ["student, loss", "lines"],
    ["student, hardLoss", "markers"],
    ["student, hardLoss", "lines"],
  ]);
  const [raw, line, single] = data.map((trace) => trace["y"] as readonly number[]);
  expect(raw).toEqual(values);
  expect(line!.slice(0, 3)).toEqual([0, 1 / 3, 2 / 3]);
  expect(single).toEqual([5]);
});

test("the mean of a straight line is the line, also at its ends", () => {
  const { data } = lossCurve(Array.from({ length: 100 }, (_, at) => pointOf(at + 1, 100 - at)));
  const found = data[1]!["y"] as readonly number[];
  found.forEach((value, at) => { expect(value).toBeCloseTo(100 - at, 9); }); // prettier-ignore
});

test("a curve of no losses is refused", () => {
  expect(() => lossCurve([])).toThrow(expect.objectContaining({ code: "no-points" }) as Error);
});
