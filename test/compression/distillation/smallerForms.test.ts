import { expect, it } from "vitest";
import { pruneGraph } from "../../../sdk/compression/onnx/pruning.ts";
import { quantizeDynamic } from "../../../sdk/compression/onnx/dynamicQuantization.ts";
import { operationsOf } from "../../../sdk/onnx/index.ts";
import { inferenceGraphOf, initialWeights, transformerOf } from "../../../sdk/training/index.ts";

const sizes = { vocabularySize: 8, sequenceLength: 12, classesCount: 4, layersCount: 1, hiddenSize: 32 };
const net = transformerOf("student", { ...sizes, headsCount: 2, feedForwardSize: 128 });

it("half of a trained net's heads and neurons leave half of its operations, which 8 bits do not change", () => {
  const graph = inferenceGraphOf(net, initialWeights(net, 1));
  const pruned = pruneGraph(graph, { heads: 0.5, neurons: 0.5 }).graph;
  const counts = [graph, pruned, quantizeDynamic(pruned).graph].map(
    (one) => operationsOf(one, { batch: 100 }).multiplyAddsCount,
  );
  expect(counts).toEqual([15_680_000, 7_846_400, 7_846_400]);
});
