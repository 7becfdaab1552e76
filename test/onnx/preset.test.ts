import { expect, test } from "vitest";
import { encodeOnnx } from "../../sdk/onnx/encoding.ts";
import { buildPreset } from "../../sdk/onnx/preset.ts";
import { codeOf } from "./fixtures.ts";

test("the same seed gives the same bytes, and another seed others", async () => {
  const bytesOf = async (randomSeed: number) =>
    encodeOnnx(await buildPreset({ preset: "BERT-tiny", depth: 1, randomSeed }));
  const first = Buffer.from(await bytesOf(1));
  expect(first.equals(await bytesOf(1))).toBe(true);
  expect(first.equals(await bytesOf(2))).toBe(false);
});

test("a depth keeps the first layers of a model, and every graph says that it is synthetic", async () => {
  const graph = await buildPreset({ preset: "bert-mini", depth: 2, randomSeed: 1 });
  const layers = graph.weights.flatMap(({ name }) => /^layers\.(\d+)\./.exec(name)?.[1] ?? []);
  expect([...new Set(layers)]).toEqual(["0", "1"]);
  expect(graph.metadata).toMatchObject({ "numalab.synthetic": "true", "numalab.random_seed": "1" });
});

test.for([
  ["no-such-preset", { preset: "bert-giant" }],
  ["no-such-preset", { preset: "gemma-3-1b" }],
  ["no-such-preset", { preset: "mixtral-8x7b" }],
  ["bad-spec", { preset: "bert-tiny", depth: 3 }],
  ["bad-spec", { preset: "resnet-18", depth: 1 }],
  ["bad-spec", { preset: "qwen2.5-0.5b", depth: 0 }],
] as const)("%s is the error for %j", async ([code, spec]) => {
  expect(await codeOf(buildPreset({ ...spec, randomSeed: 1 }))).toBe(code);
});
