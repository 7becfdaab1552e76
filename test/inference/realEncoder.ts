import { readFileSync } from "node:fs";
import { buildEncoder, encodeOnnx, type Tensor, tensorOf } from "numalab/onnx";

/** The shape of all-MiniLM-L6-v2. */
const shape = {
  layersCount: 6,
  hiddenSize: 384,
  feedForwardSize: 1536,
  headsCount: 12,
  vocabularyCount: 30_522,
  positionsCount: 512,
};

/** Parts of the names in a graph of ours, and what BERT's makers call them. */
const names = [
  [/^embeddings\.(word|position)\./, "embeddings.$1_embeddings."],
  [/^embeddings\.type\./, "embeddings.token_type_embeddings."],
  [/^layers\./, "encoder.layer."],
  [/attention\.(query|key|value)/, "attention.self.$1"],
  [/attention\.norm/, "attention.output.LayerNorm"],
  [/attention\.output\.(weight|bias)/, "attention.output.dense.$1"],
  [/\.up\./, ".intermediate.dense."],
  [/\.down\./, ".output.dense."],
  [/^(encoder\.layer\.\d+)\.norm/, "$1.output.LayerNorm"],
  [/^embeddings\.norm/, "embeddings.LayerNorm"],
  [/^pooler\.(weight|bias)/, "pooler.dense.$1"],
] as const;

interface Entry {
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Matrices are stored with outputs as rows, but ours have inputs as rows. */
function transpose(values: Float32Array, [rows = 0, columns = 0]: readonly number[]): Float32Array {
  return Float32Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? NaN);
}

/**
 * An encoder of ours with the weights in a safetensors file, as the bytes of an ONNX file.
 * @see https://github.com/huggingface/safetensors#format
 */
export function encoderBytes(weightsPath: string): Uint8Array {
  const bytes = readFileSync(weightsPath);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const entries = JSON.parse(bytes.toString("utf8", 8, start)) as Readonly<Record<string, Entry>>;
  const realOf = (tensor: Tensor): Tensor => {
    const name = names.reduce((text, [ours, theirs]) => text.replace(ours, theirs), tensor.name);
    const entry = entries[name];
    if (entry === undefined) return tensor;
    const [from, to] = entry.data_offsets;
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start + from, bytes.byteOffset + start + to));
    const isMatrix = entry.shape.length === 2 && !name.startsWith("embeddings.");
    return tensorOf(tensor.name, isMatrix ? transpose(values, entry.shape) : values, tensor.dimensions);
  };
  const graph = buildEncoder({ ...shape, randomSeed: 1 });
  return encodeOnnx({ ...graph, weights: graph.weights.map(realOf), metadata: {} });
}
