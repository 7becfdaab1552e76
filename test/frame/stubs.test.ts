import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

interface Frame {
  readonly values: number[][];
  add(other: number): Frame;
}
interface Danfojs {
  readonly DataFrame: new (data: Record<string, number[]>) => Frame;
  readonly toExcel: (frame: Frame, options: { filePath: string }) => void;
  readonly readCSV: (address: string) => Promise<Frame>;
}
interface Tensor {
  arraySync(): unknown;
  add(other: Tensor): Tensor;
  mod(other: Tensor): Tensor;
  transpose(): Tensor;
}
interface Tensors {
  readonly scalar: (value: number) => Tensor;
  readonly tensor2d: (values: readonly unknown[], shape?: readonly number[]) => Tensor;
}

const require = createRequire(import.meta.url);
const danfojs = require("danfojs-node") as Danfojs;
const { scalar, tensor2d } = require("@tensorflow/tfjs-node") as Tensors;

test("danfojs-node itself loads in a clone and computes in float64", () => {
  const frame = new danfojs.DataFrame({ a: [16777217, 123456789.123] });
  expect(frame.add(0).values).toEqual([[16777217], [123456789.123]]);
});

test("spreadsheets and web addresses are refused in a sentence", async () => {
  const filePath = join(tmpdir(), "never.xlsx");
  expect(() => {
    danfojs.toExcel(new danfojs.DataFrame({ a: [1] }), { filePath });
  }).toThrow("Spreadsheet files are not supported here");
  await expect(danfojs.readCSV("http://localhost/a.csv")).rejects.toThrow("Download the file first");
});

test("tensors of different shapes meet where a length is 1, and are refused elsewhere", () => {
  const matrix = tensor2d([
    [1, 2],
    [3, 4],
  ]);
  expect(matrix.add(tensor2d([10, 20], [2, 1])).arraySync()).toEqual([
    [11, 12],
    [23, 24],
  ]);
  expect(matrix.add(tensor2d([10, 20], [2, 1]).transpose()).arraySync()).toEqual([
    [11, 22],
    [13, 24],
  ]);
  expect(() => matrix.add(tensor2d([[1, 2, 3]]))).toThrow("Shapes [2,2] and [1,3] do not fit");
});

test("missing values are NaN, and a remainder has the sign of the divisor", () => {
  expect(
    tensor2d([[null, -7]])
      .mod(scalar(3))
      .arraySync(),
  ).toEqual([[NaN, 2]]);
});
