import { buildConvolutionNet } from "numalab/onnx";
import { Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { realsOf, runGraph } from "./session.ts";

const image = new Tensor(
  "float32",
  Float32Array.from({ length: 2 * 3 * 64 * 64 }, (_, index) => Math.sin(index)),
  [2, 3, 64, 64],
);

test.for([
  ["basic", "kept"],
  ["basic", "folded"],
  ["bottleneck", "kept"],
] as const)("a net of %s blocks with norms %s gives classes of a sane size", async ([block, norms]) => {
  const shape = { blocksCounts: [2, 2, 2, 2], channelsCount: 8, classesCount: 10, imageSize: 64 };
  const [outputs] = await runGraph(buildConvolutionNet({ ...shape, block, norms, randomSeed: 1 }), { input: image });
  const logits = realsOf(outputs?.["logits"]);
  expect(outputs?.["logits"]?.dims).toEqual([2, 10]);
  const largest = Math.max(...logits.map(Math.abs));
  expect(largest).toBeGreaterThan(0.05);
  expect(largest).toBeLessThan(20);
});
