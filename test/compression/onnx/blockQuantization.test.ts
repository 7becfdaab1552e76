import { expect, test } from "vitest";
import { quantizeBlocks } from "../../../sdk/compression/onnx/blockQuantization.ts";
import { buildPreset, factsOf } from "../../../sdk/onnx/index.ts";

test.each([
  { bits: 4, isSymmetric: true },
  { bits: 4, isSymmetric: false },
  { bits: 8, isSymmetric: true },
] as const)("a graph in blocks has as many parameters as before: %j", async (options) => {
  const graph = await buildPreset({ preset: "bert-tiny", depth: 1, randomSeed: 1 });
  const before = factsOf(graph);
  const after = factsOf(quantizeBlocks(graph, { ...options, blockSize: 32 }).graph);
  expect(after.operatorsCounts["MatMulNBits"]).toBeGreaterThan(0);
  expect(after.parametersCount).toBe(before.parametersCount);
  expect(after.weightsBytes).toBeLessThan(before.weightsBytes);
});
