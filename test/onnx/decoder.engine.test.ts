import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readGguf, synthesizeModel, type TensorSource, tensorTypeOf, writeGguf } from "numalab/model";
import { buildDecoder, float32Of, type OnnxGraph } from "numalab/onnx";
import { Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { startWhole } from "../inference/tinyEngine.ts";
import { distanceOf, integers, realsOf, runGraph, type Values } from "./session.ts";

const shape = {
  layersCount: 2,
  hiddenSize: 64,
  feedForwardSize: 96,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 300,
  contextTokensCount: 32,
} as const;

const tokens = [7, 200, 3, 45, 299, 12];

/** Inputs for tokens after `present`, the outputs of the call before. */
function inputsOf(ids: readonly number[], present: Values = {}): Values {
  const inputs: Record<string, Tensor> = { input_ids: integers(ids) };
  let pastCount = 0;
  for (let index = 0; index < shape.layersCount; index++) {
    for (const part of ["key", "value"]) {
      const past = present[`present.${index}.${part}`] ?? new Tensor("float32", new Float32Array(), [1, 2, 0, 16]);
      inputs[`past_key_values.${index}.${part}`] = past;
      pastCount = past.dims[2] ?? 0;
    }
  }
  return { ...inputs, attention_mask: integers(Array<number>(pastCount + ids.length).fill(1)) };
}

describe.for(["llama", "qwen2"] as const)("a decoder like %s", (architecture) => {
  test("gives the same logits token by token with its cache as at once", async () => {
    const graph = buildDecoder({ ...shape, architecture, randomSeed: 1 });
    const [whole] = await runGraph(graph, inputsOf(tokens));
    let present: Values = {};
    const logits: number[] = [];
    for (const token of tokens) {
      const [outputs] = await runGraph(graph, inputsOf([token], present));
      present = outputs ?? {};
      logits.push(...realsOf(present["logits"]));
    }
    expect(whole?.["logits"]?.dims).toEqual([1, tokens.length, shape.vocabularyCount]);
    expect(present["present.1.value"]?.dims).toEqual([1, 2, tokens.length, 16]);
    expect(distanceOf(logits, realsOf(whole?.["logits"]))).toBeLessThan(1e-4);
  });
});

/** The tensor of a weight in GGUF, whose matrices have a row an output. */
function ggufTensorOf({ nodes, weights }: OnnxGraph, ggufName: string, name: string): TensorSource {
  const weight = weights.find((candidate) => candidate.name === name)!;
  const values = float32Of(weight);
  const [rows = 0, columns] = weight.dimensions;
  const isMatrix =
    columns !== undefined && nodes.some(({ operator, inputs }) => operator === "MatMul" && inputs[1] === name);
  const turned = values.map((_, index) => values[(index % rows) * (columns ?? 1) + Math.floor(index / rows)] ?? 0);
  const chosen = isMatrix ? turned : values;
  return {
    name: ggufName,
    dimensions: isMatrix ? weight.dimensions : weight.dimensions.toReversed(),
    type: tensorTypeOf("F32"),
    chunks: () => [Buffer.from(chosen.buffer, chosen.byteOffset, chosen.byteLength)],
  };
}

/** How ONNX names what GGUF names otherwise. */
const namesInOnnx: readonly (readonly [inGguf: RegExp, inOnnx: string])[] = [
  [/^blk\./, "layers."],
  [/^token_embd\./, "embeddings."],
  [/^output_norm\./, "norm."],
  [/^output\./, "logits."],
  [/attn_output/, "attention.output"],
  [/attn_norm/, "attention.norm"],
  [/attn_q/, "attention.query"],
  [/attn_k/, "attention.key"],
  [/attn_v/, "attention.value"],
  [/ffn_/, ""],
];

test("a decoder gives the probabilities that llama.cpp computes from the same weights", async () => {
  const folder = await mkdtemp(join(tmpdir(), "numalab-onnx-"));
  const whole = { ...shape, architecture: "qwen2" } as const;
  const graph = buildDecoder({ ...whole, randomSeed: 1 });
  const stand = await synthesizeModel({ shape: whole, quant: "F16", randomSeed: 1, folder });
  const { metadata, tensors } = await readGguf(stand.path);
  const inOnnx = (name: string) => namesInOnnx.reduce((text, [from, to]) => text.replace(from, to), name);
  const path = join(folder, "same.gguf");
  await writeGguf({ metadata, tensors: tensors.map(({ name }) => ggufTensorOf(graph, name, inOnnx(name))) }, { path });
  await using engine = await startWhole({
    modelPath: path,
    driver: "llama",
    cache: { keyType: "f32", valueType: "f32" },
  });
  const found = await engine.logProbabilities(tokens);
  await rm(folder, { recursive: true });

  const [outputs] = await runGraph(graph, inputsOf(tokens));
  const logits = realsOf(outputs?.["logits"]);
  const expected = tokens.slice(1).map((token, index) => {
    const row = logits.slice(index * shape.vocabularyCount, (index + 1) * shape.vocabularyCount);
    return row[token]! - Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
  });
  expect(distanceOf(found, expected)).toBeLessThan(1e-3);
});
