import { expect, test } from "vitest";
import { join } from "node:path";
import { buildDecoder } from "../../sdk/onnx/decoder.ts";
import { factsOf, operationsOf } from "../../sdk/onnx/facts.ts";
import { buildPreset } from "../../sdk/onnx/preset.ts";
import { inspectOnnx } from "../../sdk/onnx/reading.ts";
import { writeOnnx } from "../../sdk/onnx/writing.ts";
import { smallGraph, temporaryFolder } from "./fixtures.ts";

test("an encoder's operations are those of its matrices and its attention", async () => {
  const graph = await buildPreset({ preset: "bert-tiny", depth: 1, randomSeed: 1 });
  const [hidden, wide, tokens] = [128, 512, 128];
  const perToken = 4 * hidden * hidden + 2 * hidden * wide + 2 * tokens * hidden;
  expect(operationsOf(graph)).toEqual({
    sizes: { batch: 1, sequence: 128 },
    multiplyAddsCount: tokens * perToken + hidden * hidden,
    reason: null,
  });
  const few = operationsOf(graph, { batch: 2, sequence: 1 });
  expect(few.multiplyAddsCount).toBe(2 * (4 * hidden * hidden + 2 * hidden * wide + 2 * hidden + hidden * hidden));
});

test("ResNet-18 has the parameters and operations that are published", async () => {
  const { parametersCount, operations, operatorsCounts } = factsOf(
    await buildPreset({ preset: "resnet-18", randomSeed: 1 }),
  );
  expect(parametersCount / 1e6).toBeCloseTo(11.68, 1);
  expect((operations.multiplyAddsCount ?? 0) / 1e9).toBeCloseTo(1.814, 3);
  expect(operatorsCounts["Conv"]).toBe(20);
});

test("a decoder's operations count the tokens that it has seen", () => {
  const shape = {
    layersCount: 1,
    hiddenSize: 64,
    feedForwardSize: 96,
    headsCount: 4,
    kvHeadsCount: 2,
    vocabularyCount: 300,
  };
  const graph = buildDecoder({ architecture: "llama", ...shape, contextTokensCount: 128, randomSeed: 1 });
  const matrices = 64 * (64 + 32 + 32 + 64) + 3 * 64 * 96 + 64 * 300;
  const { multiplyAddsCount } = operationsOf(graph, { sequence: 1, past: 9, total: 10 });
  expect(multiplyAddsCount).toBe(matrices + 2 * 10 * 64);
});

test("operations that cannot be counted are null with a reason", () => {
  const graph = smallGraph();
  const nodes = graph.nodes.map((node) => (node.operator === "Flatten" ? { ...node, operator: "Curl" } : node));
  expect(operationsOf({ ...graph, nodes })).toMatchObject({
    multiplyAddsCount: null,
    reason: "the sizes at the node Gemm are not known: an operator before it is not known",
  });
  const inputs = graph.inputs.map((input) => ({ ...input, dimensions: ["rows", 16] }));
  expect(operationsOf({ ...graph, inputs }).reason).toMatch(/no size is given for rows/);
});

test("a file is inspected without its weights, and says by type what they take", async () => {
  const path = join(temporaryFolder(), "small.onnx");
  const encoder = await buildPreset({ preset: "bert-tiny", depth: 1, randomSeed: 1 });
  await writeOnnx(encoder, { path });
  expect((await inspectOnnx(path)).operations).toEqual(operationsOf(encoder));
  await writeOnnx(smallGraph(), { path, externalData: "always" });
  expect(await inspectOnnx(path)).toMatchObject({
    path,
    parametersCount: 16 * 32 + 32,
    weightsBytes: 4 * (16 * 32 + 32),
    weightsBytesByType: { float32: 4 * (16 * 32 + 32) },
  });
});
