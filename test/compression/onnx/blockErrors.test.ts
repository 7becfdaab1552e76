import { expect, it } from "vitest";
import { blockErrors } from "../../../sdk/compression/onnx/blockErrors.ts";
import { quantizeBlocks } from "../../../sdk/compression/onnx/blockQuantization.ts";
import { smallEncoder } from "../smallGraphs.ts";

const rows = blockErrors(smallEncoder());
const sqnrOf = (bits: number, blockSize: number, isSymmetric: boolean) =>
  rows.find((row) => row.bits === bits && row.blockSize === blockSize && row.isSymmetric === isSymmetric)!;

it("larger blocks take fewer bits and lose more, and eight bits lose less than four", () => {
  expect(rows).toHaveLength(20);
  expect(sqnrOf(4, 16, true).sqnrDecibels!).toBeGreaterThan(sqnrOf(4, 64, true).sqnrDecibels!);
  expect(sqnrOf(8, 32, true).sqnrDecibels! - sqnrOf(4, 32, true).sqnrDecibels!).toBeCloseTo(24, -1);
  expect(sqnrOf(4, 32, true).bitsPerWeight).toBe(5);
  expect(sqnrOf(4, 32, false).bitsPerWeight).toBe(5.125);
});

it("the rows are what quantizing loses, and a graph without layers has none", () => {
  const { layers } = quantizeBlocks(smallEncoder());
  const errors = layers.map(({ weightError }) => weightError.sqnrDecibels!);
  expect(sqnrOf(4, 32, true).sqnrDecibels!).toBeGreaterThan(Math.min(...errors));
  expect(sqnrOf(4, 32, true).sqnrDecibels!).toBeLessThan(Math.max(...errors));
  const empty = { ...smallEncoder(), nodes: [] };
  expect(() => blockErrors(empty)).toThrow(expect.objectContaining({ code: "nothing-to-quantize" }));
});
