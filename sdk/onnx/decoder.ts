import type { ModelShape, ShapeSpec } from "../model/index.ts";
import { planShape } from "../model/index.ts";
import type { OnnxGraph } from "./graph.ts";
import type { Net } from "./net.ts";
import { addLinear, addScale, createNet, randomTensor, syntheticMetadata } from "./net.ts";
import { float32Of, type Tensor, tensorOf } from "./tensor.ts";

/** A decoder to be built with random weights. */
export interface DecoderSpec extends ShapeSpec {
  /** The same seed gives the same weights. */
  readonly randomSeed: number;
}

/** What all layers of a decoder share. */
interface Decoder {
  readonly net: Net;
  readonly shape: ModelShape;
  /** Inputs of every attention: how long each text is, how long the longest, and the turns of each position. */
  readonly lengths: readonly string[];
}

/** What the operators of onnxruntime lie under. */
const domain = "com.microsoft";

/** How far each pair of a head is turned at each position: its cosine or sine. */
function addTurns({ builder }: Net, shape: ModelShape, of: "cos" | "sin"): string {
  const { contextTokensCount, headSize, ropeBase } = shape;
  const pairsCount = headSize / 2;
  const values = new Float32Array(contextTokensCount * pairsCount);
  for (let index = 0; index < values.length; index++) {
    const pair = index % pairsCount;
    const position = (index - pair) / pairsCount;
    values[index] = Math[of](position * ropeBase ** (-pair / pairsCount));
  }
  return builder.weight(tensorOf(`rotary.${of}`, values, [contextTokensCount, pairsCount]));
}

/** The lengths of the texts, from their mask, as the attention operator wants them. */
function addLengths({ builder }: Net): readonly string[] {
  const mask = builder.input({ name: "attention_mask", type: "int64", dimensions: ["batch", "total"] });
  const axis = builder.weight(tensorOf("lengths.axis", new BigInt64Array([1n])));
  const one = builder.weight(tensorOf("lengths.one", new BigInt64Array([1n])));
  const integer = (value: string) =>
    builder.node("Cast", [value], { attributes: { to: { int: 6 } }, name: "lengths.int32" });
  const counts = builder.node("ReduceSum", [mask, axis], {
    attributes: { keepdims: { int: 0 } },
    name: "lengths.counts",
  });
  const lasts = integer(builder.node("Sub", [counts, one], { name: "lengths.lasts" }));
  const sizes = builder.node("Shape", [mask], { name: "lengths.sizes" });
  const index = builder.weight(tensorOf("lengths.index", new BigInt64Array([1n]), []));
  const total = integer(builder.node("Gather", [sizes, index], { name: "lengths.total" }));
  return [lasts, total];
}

function addNorm({ net, shape }: Decoder, input: string, name: string): string {
  const attributes = { axis: { int: -1 }, epsilon: { float: shape.normEpsilon }, stash_type: { int: 1 } };
  const scale = addScale(net, name, shape.hiddenSize);
  // Of no operator set, but in all of onnxruntime: the root mean square norm.
  return net.builder.node("SimplifiedLayerNormalization", [input, scale], { attributes, name });
}

/** Keys and values of the tokens before, which are an input, and with those of the new tokens, which are an output. */
function cacheInfo(shape: ModelShape, name: string, tokens: string) {
  const { kvHeadsCount, headSize } = shape;
  return { name, type: "float32", dimensions: ["batch", kvHeadsCount, tokens, headSize] } as const;
}

function addAttention(decoder: Decoder, input: string, index: number): string {
  const { net, shape, lengths } = decoder;
  const { hiddenSize, headsCount, kvHeadsCount, headSize } = shape;
  const name = `layers.${index}.attention`;
  const hasBias = shape.architecture === "qwen2";
  const part = (label: string, heads: number) =>
    addLinear(net, input, { name: `${name}.${label}`, inputs: hiddenSize, outputs: heads * headSize, hasBias });
  const caches = ["key", "value"].map((label) =>
    net.builder.input(cacheInfo(shape, `past_key_values.${index}.${label}`, "past")),
  );
  const heads = [part("query", headsCount), part("key", kvHeadsCount), part("value", kvHeadsCount)];
  const counts = { num_heads: { int: headsCount }, kv_num_heads: { int: kvHeadsCount }, do_rotary: { int: 1 } };
  const [mixed = "", ...presents] = net.builder.nodeOf("GroupQueryAttention", [...heads, ...caches, ...lengths], {
    attributes: counts,
    domain,
    name,
    outputsCount: 3,
  });
  for (const [place, label] of ["key", "value"].entries()) {
    net.builder.output(presents[place] ?? "", cacheInfo(shape, `present.${index}.${label}`, "total"));
  }
  return addLinear(net, mixed, {
    name: `${name}.output`,
    inputs: headsCount * headSize,
    outputs: hiddenSize,
    hasBias: false,
  });
}

/** A gated feed-forward part: one half opens and closes the other. */
function addFeedForward({ net, shape }: Decoder, input: string, name: string): string {
  const { hiddenSize, feedForwardSize } = shape;
  const { builder } = net;
  const inward = { inputs: hiddenSize, outputs: feedForwardSize, hasBias: false };
  const gate = addLinear(net, input, { name: `${name}.gate`, ...inward });
  const up = addLinear(net, input, { name: `${name}.up`, ...inward });
  const open = builder.node("Mul", [gate, builder.node("Sigmoid", [gate], { name: `${name}.sigmoid` })]);
  const outward = { inputs: feedForwardSize, outputs: hiddenSize, hasBias: false };
  return addLinear(net, builder.node("Mul", [open, up]), { name: `${name}.down`, ...outward });
}

function addLayer(decoder: Decoder, input: string, index: number): string {
  const { builder } = decoder.net;
  const name = `layers.${index}`;
  const attended = addAttention(decoder, addNorm(decoder, input, `${name}.attention.norm`), index);
  const between = builder.node("Add", [input, attended]);
  const fed = addFeedForward(decoder, addNorm(decoder, between, `${name}.norm`), name);
  return builder.node("Add", [between, fed]);
}

/** The same matrix with rows for columns. */
function transposed(matrix: Tensor, name: string): Tensor {
  const [rows = 0, columns = 0] = matrix.dimensions;
  const from = float32Of(matrix);
  const to = new Float32Array(from.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) to[column * rows + row] = from[row * columns + column] ?? 0;
  }
  return tensorOf(name, to, [columns, rows]);
}

/** The table of tokens, and the matrix that tells how likely each is next: the same turned, where they are tied. */
function tablesOf({ random }: Net, { vocabularyCount, hiddenSize, tiedEmbeddings }: ModelShape): [Tensor, Tensor] {
  const deviation = 1 / Math.sqrt(hiddenSize);
  const table = randomTensor(random, "embeddings.weight", { dimensions: [vocabularyCount, hiddenSize], deviation });
  const name = "logits.weight";
  if (tiedEmbeddings) return [table, transposed(table, name)];
  return [table, randomTensor(random, name, { dimensions: [hiddenSize, vocabularyCount], deviation })];
}

/**
 * A decoder that keeps keys and values, with random weights: its speed is real, its text is noise. A call takes the ids
 * of new tokens, a mask over old and new, and `past_key_values` of the old (none at first); it gives logits, and
 * `present` to be passed to the next call as past. Attention is one operator of onnxruntime, as in its own exports.
 * @throws {ModelError} `bad-shape`
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention
 */
export function buildDecoder({ randomSeed, ...spec }: DecoderSpec): OnnxGraph {
  const shape = planShape(spec);
  const net = createNet(randomSeed);
  const { builder } = net;
  const ids = builder.input({ name: "input_ids", type: "int64", dimensions: ["batch", "sequence"] });
  const [table, matrix] = tablesOf(net, shape);
  const lengths = [...addLengths(net), addTurns(net, shape, "cos"), addTurns(net, shape, "sin")];
  const decoder = { net, shape, lengths };
  let states = builder.node("Gather", [builder.weight(table), ids], { name: "embeddings" });
  for (let index = 0; index < shape.layersCount; index++) states = addLayer(decoder, states, index);
  const normed = addNorm(decoder, states, "norm");
  const logits = builder.node("MatMul", [normed, builder.weight(matrix)], { name: "logits.product" });
  const dimensions = ["batch", "sequence", shape.vocabularyCount];
  builder.output(logits, { name: "logits", type: "float32", dimensions });
  return builder.build({ name: "decoder", metadata: syntheticMetadata(shape.architecture, randomSeed) });
}
