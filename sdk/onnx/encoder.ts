import { checkCounts } from "./check.ts";
import { OnnxError } from "./errors.ts";
import type { OnnxGraph } from "./graph.ts";
import type { Net } from "./net.ts";
import { addLinear, addReshape, addScale, addWeight, createNet, syntheticMetadata } from "./net.ts";
import { tensorOf } from "./tensor.ts";

/** The shape of an encoder like BERT. */
export interface EncoderShape {
  readonly layersCount: number;
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  readonly headsCount: number;
  readonly vocabularyCount: number;
  /** The most tokens of one text. */
  readonly positionsCount: number;
}

/** An encoder to be built with random weights. */
export interface EncoderSpec extends EncoderShape {
  /** The same seed gives the same weights. */
  readonly randomSeed: number;
}

const normEpsilon = 1e-12;

/** The kinds of token that BERT tells apart: of the first text or the second. */
const tokenTypesCount = 2;

function addNorm(net: Net, input: string, { name, size }: { name: string; size: number }): string {
  const bias = addWeight(net, `${name}.bias`, { dimensions: [size], deviation: 0.02 });
  const attributes = { axis: { int: -1 }, epsilon: { float: normEpsilon } };
  return net.builder.node("LayerNormalization", [input, addScale(net, name, size), bias], { attributes, name });
}

/** The first rows of the table of positions, as many as there are tokens. */
function addPositions({ builder }: Net, ids: string, table: string): string {
  const count = builder.node("Shape", [ids], {
    attributes: { start: { int: 1 }, end: { int: 2 } },
    name: "tokens_count",
  });
  const zero = builder.weight(tensorOf("positions.start", new BigInt64Array([0n])));
  return builder.node("Slice", [table, zero, count, zero], { name: "positions" });
}

/** The sum of what the token, its type and its position are, normed. */
function addEmbeddings(net: Net, spec: EncoderSpec): string {
  const { builder } = net;
  const { hiddenSize } = spec;
  const table = (name: string, rows: number) =>
    addWeight(net, `embeddings.${name}.weight`, { dimensions: [rows, hiddenSize], deviation: 0.04 });
  const ids = builder.input({ name: "input_ids", type: "int64", dimensions: ["batch", "sequence"] });
  const types = builder.input({ name: "token_type_ids", type: "int64", dimensions: ["batch", "sequence"] });
  const words = builder.node("Gather", [table("word", spec.vocabularyCount), ids], { name: "embeddings.words" });
  const kinds = builder.node("Gather", [table("type", tokenTypesCount), types], { name: "embeddings.types" });
  const positions = addPositions(net, ids, table("position", spec.positionsCount));
  const sum = builder.node("Add", [builder.node("Add", [words, kinds]), positions]);
  return addNorm(net, sum, { name: "embeddings.norm", size: hiddenSize });
}

/** 0 for tokens that count, and very little for those that do not. */
function addMask({ builder }: Net): string {
  const mask = builder.input({ name: "attention_mask", type: "int64", dimensions: ["batch", "sequence"] });
  const axes = builder.weight(tensorOf("mask.axes", new BigInt64Array([1n, 2n])));
  const one = builder.weight(tensorOf("mask.one", new Float32Array([1]), []));
  const least = builder.weight(tensorOf("mask.least", new Float32Array([-10_000]), []));
  const wide = builder.node("Unsqueeze", [mask, axes], { name: "mask.wide" });
  const real = builder.node("Cast", [wide], { attributes: { to: { int: 1 } }, name: "mask.real" });
  const hidden = builder.node("Sub", [one, real], { name: "mask.hidden" });
  return builder.node("Mul", [hidden, least], { name: "mask" });
}

/** A linear part whose outputs are split by head: [batch, head, token, element], or the last two the other way round. */
function addHeads(
  net: Net,
  input: string,
  part: { spec: EncoderSpec; name: string; order: readonly number[] },
): string {
  const { spec, name, order } = part;
  const { hiddenSize, headsCount } = spec;
  const flat = addLinear(net, input, { name, inputs: hiddenSize, outputs: hiddenSize });
  const split = addReshape(net, flat, { name: `${name}.split`, sizes: [0, 0, headsCount, hiddenSize / headsCount] });
  return net.builder.node("Transpose", [split], { attributes: { perm: { ints: order } }, name: `${name}.turned` });
}

function addAttention(net: Net, input: string, layer: { spec: EncoderSpec; name: string; mask: string }): string {
  const { builder } = net;
  const { spec, mask } = layer;
  const { hiddenSize, headsCount } = spec;
  const name = `${layer.name}.attention`;
  const query = addHeads(net, input, { spec, name: `${name}.query`, order: [0, 2, 1, 3] });
  const key = addHeads(net, input, { spec, name: `${name}.key`, order: [0, 2, 3, 1] });
  const value = addHeads(net, input, { spec, name: `${name}.value`, order: [0, 2, 1, 3] });
  const root = new Float32Array([Math.sqrt(hiddenSize / headsCount)]);
  const scores = builder.node("MatMul", [query, key], { name: `${name}.scores` });
  const scaled = builder.node("Div", [scores, builder.weight(tensorOf(`${name}.root`, root, []))]);
  const masked = builder.node("Add", [scaled, mask]);
  const shares = builder.node("Softmax", [masked], { attributes: { axis: { int: -1 } }, name: `${name}.shares` });
  const mixed = builder.node("MatMul", [shares, value], { name: `${name}.mixed` });
  const turned = builder.node("Transpose", [mixed], { attributes: { perm: { ints: [0, 2, 1, 3] } } });
  const joined = addReshape(net, turned, { name: `${name}.joined`, sizes: [0, 0, hiddenSize] });
  return addLinear(net, joined, { name: `${name}.output`, inputs: hiddenSize, outputs: hiddenSize });
}

/** The Gaussian error linear unit, in the nodes that onnxruntime joins into one. */
function addGelu({ builder }: Net, input: string, name: string): string {
  const constant = (label: string, value: number) =>
    builder.weight(tensorOf(`${name}.${label}`, new Float32Array([value]), []));
  const scaled = builder.node("Div", [input, constant("root", Math.SQRT2)], { name: `${name}.scaled` });
  const error = builder.node("Erf", [scaled], { name: `${name}.error` });
  const shifted = builder.node("Add", [error, constant("one", 1)], { name: `${name}.shifted` });
  const product = builder.node("Mul", [input, shifted], { name: `${name}.product` });
  return builder.node("Mul", [product, constant("half", 0.5)], { name });
}

function addLayer(net: Net, input: string, layer: { spec: EncoderSpec; name: string; mask: string }): string {
  const { builder } = net;
  const { spec, name } = layer;
  const { hiddenSize, feedForwardSize } = spec;
  const attended = builder.node("Add", [addAttention(net, input, layer), input]);
  const normed = addNorm(net, attended, { name: `${name}.attention.norm`, size: hiddenSize });
  const up = addLinear(net, normed, { name: `${name}.up`, inputs: hiddenSize, outputs: feedForwardSize });
  const active = addGelu(net, up, `${name}.gelu`);
  const down = addLinear(net, active, { name: `${name}.down`, inputs: feedForwardSize, outputs: hiddenSize });
  return addNorm(net, builder.node("Add", [down, normed]), { name: `${name}.norm`, size: hiddenSize });
}

/** A summary of a text, from its first token. */
function addPooler(net: Net, states: string, hiddenSize: number): void {
  const { builder } = net;
  const index = builder.weight(tensorOf("pooler.index", new BigInt64Array([0n]), []));
  const first = builder.node("Gather", [states, index], { attributes: { axis: { int: 1 } }, name: "pooler.first" });
  const linear = addLinear(net, first, { name: "pooler", inputs: hiddenSize, outputs: hiddenSize });
  const output = { name: "pooler_output", type: "float32", dimensions: ["batch", hiddenSize] } as const;
  builder.output(builder.node("Tanh", [linear]), output);
}

function checkSpec(spec: EncoderSpec): void {
  const { layersCount, hiddenSize, feedForwardSize, headsCount, vocabularyCount, positionsCount } = spec;
  checkCounts({ layersCount, hiddenSize, feedForwardSize, headsCount, vocabularyCount, positionsCount }, 2 ** 20);
  if (hiddenSize % headsCount === 0) return;
  const message = `${headsCount} heads cannot share a hidden size of ${hiddenSize}. Pass a multiple of the heads.`;
  throw new OnnxError("bad-spec", message, { facts: { hiddenSize, headsCount } });
}

/**
 * A text encoder with the inputs and outputs of BERT and random weights: its speed is real, its results are noise.
 * @throws {OnnxError} `bad-spec`
 * @see https://arxiv.org/abs/1810.04805
 */
export function buildEncoder(spec: EncoderSpec): OnnxGraph {
  checkSpec(spec);
  const net = createNet(spec.randomSeed);
  const { hiddenSize } = spec;
  let states = addEmbeddings(net, spec);
  const mask = addMask(net);
  for (let index = 0; index < spec.layersCount; index++) {
    states = addLayer(net, states, { spec, name: `layers.${index}`, mask });
  }
  const output = { name: "last_hidden_state", type: "float32", dimensions: ["batch", "sequence", hiddenSize] } as const;
  net.builder.output(states, output);
  addPooler(net, states, hiddenSize);
  return net.builder.build({ name: "encoder", metadata: syntheticMetadata("bert", spec.randomSeed) });
}
