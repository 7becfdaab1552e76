import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGraphBuilder, encodeOnnx, tensorOf } from "numalab/onnx";

/** A folder of its own. */
export const createFolder = (): string => mkdtempSync(join(tmpdir(), "numalab-graph-"));

/** The graph `next = value + step`, `doubled = 2 next`: what a loop can count with. */
export function encodeCounter(): Uint8Array {
  const builder = createGraphBuilder();
  const value = builder.input({ name: "value", type: "float32", dimensions: ["size"] });
  const step = builder.input({ name: "step", type: "float32", dimensions: ["size"] });
  const next = builder.node("Add", [value, step]);
  builder.output(next, { name: "next", type: "float32", dimensions: ["size"] });
  const two = builder.weight(tensorOf("two", new Float32Array([2])));
  builder.output(builder.node("Mul", [next, two]), { name: "doubled", type: "float32", dimensions: ["size"] });
  return encodeOnnx(builder.build({ name: "counter" }));
}

/** Two layers that multiply by a matrix; wide enough for their time to be most of a run. */
export function encodeLayers(size: number): Uint8Array {
  const builder = createGraphBuilder();
  let value = builder.input({ name: "value", type: "float32", dimensions: ["rows", size] });
  for (const layer of [0, 1]) {
    const weights = new Float32Array(size * size).fill(1 / size);
    const matrix = builder.weight(tensorOf(`layers.${layer}.weight`, weights, [size, size]));
    value = builder.node("MatMul", [value, matrix], { name: `layers.${layer}.product` });
    value = builder.node("Sigmoid", [value], { name: `layers.${layer}.sigmoid` });
  }
  builder.output(value, { name: "result", type: "float32", dimensions: ["rows", size] });
  return encodeOnnx(builder.build({ name: "layers" }));
}

const vocabulary = ["[UNK]", "one", "two", "three"];

function writeTokenizer(folder: string): void {
  const vocab = Object.fromEntries(vocabulary.map((token, id) => [token, id]));
  const model = { type: "WordLevel", vocab, unk_token: "[UNK]" };
  const parts = { normalizer: null, pre_tokenizer: { type: "Whitespace" }, post_processor: null, decoder: null };
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify({ version: "1.0", added_tokens: [], ...parts, model }));
  writeFileSync(join(folder, "config.json"), JSON.stringify({ eos_token_id: 0 }));
}

/** An encoder whose vector of token n is [n, n + 10], with its tokenizer, in a folder; gives the encoder's path. */
export function writeEncoder(): string {
  const folder = createFolder();
  const builder = createGraphBuilder();
  const ids = builder.input({ name: "input_ids", type: "int64", dimensions: ["batch", "sequence"] });
  const rows = Float32Array.from(vocabulary.flatMap((_, token) => [token, token + 10]));
  const states = builder.node("Gather", [builder.weight(tensorOf("table", rows, [vocabulary.length, 2])), ids]);
  const dimensions = ["batch", "sequence", 2];
  builder.output(states, { name: "last_hidden_state", type: "float32", dimensions });
  const path = join(folder, "encoder.onnx");
  writeFileSync(path, encodeOnnx(builder.build({ name: "encoder" })));
  writeTokenizer(folder);
  return path;
}

/** A decoder that always wants the token after the last one, and after the last word the end; gives its path. */
export function writeDecoder(): string {
  const folder = createFolder();
  const path = join(folder, "decoder.onnx");
  const builder = createGraphBuilder();
  const ids = builder.input({ name: "input_ids", type: "int64", dimensions: ["batch", "sequence"] });
  const past = builder.input({ name: "past_key_values.0.key", type: "float32", dimensions: ["batch", 1, "past", 1] });
  const weight = (name: string, values: number[]): string =>
    builder.weight(tensorOf(name, BigInt64Array.from(values, BigInt)));
  const floats = builder.node("Cast", [ids], { attributes: { to: { int: 1 } } });
  const keys = builder.node("Unsqueeze", [floats, weight("axes", [1, 3])]);
  const present = builder.node("Concat", [past, keys], { attributes: { axis: { int: 2 } } });
  builder.output(present, { name: "present.0.key", type: "float32", dimensions: ["batch", 1, "total", 1] });
  const table = Float32Array.from({ length: 256 * 256 }, (_, at) => (((at >> 8) + 1) % 4 === at % 256 ? 1 : 0));
  const logits = builder.node("Gather", [builder.weight(tensorOf("table", table, [256, 256])), ids]);
  builder.output(logits, { name: "logits", type: "float32", dimensions: ["batch", "sequence", 256] });
  writeFileSync(path, encodeOnnx(builder.build({ name: "decoder" })));
  writeTokenizer(folder);
  return path;
}
