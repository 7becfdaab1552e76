import { buildDecoder } from "numalab/onnx";
import { Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
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
