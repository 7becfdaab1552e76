import { createGraphBuilder, type GraphBuilder, type OnnxGraph, type Tensor, tensorOf } from "../../sdk/onnx/index.ts";
import { seededRandom } from "../../sdk/stats/index.ts";

const random = seededRandom(7);

/** Random numbers of about normal distribution. */
export function normal(count: number, spread: number): Float32Array {
  return Float32Array.from({ length: count }, () => (random() + random() + random() + random() - 2) * 1.7 * spread);
}

function matrix(builder: GraphBuilder, name: string, dimensions: readonly [number, number]): string {
  return builder.weight(tensorOf(name, normal(dimensions[0] * dimensions[1], dimensions[0] ** -0.5), dimensions));
}

function linear(
  builder: GraphBuilder,
  input: string,
  layer: readonly [name: string, from: number, to: number],
): string {
  const [name, from, to] = layer;
  const product = builder.node("MatMul", [input, matrix(builder, `${name}.weight`, [from, to])], { name });
  const bias = builder.weight(tensorOf(`${name}.bias`, normal(to, 0.1)));
  return builder.node("Add", [product, bias], { name: `${name}.add` });
}

/** The sizes of the small encoder. */
export const small = { hidden: 32, heads: 4, headSize: 8, neurons: 64, sequence: 8, words: 50, layers: 2 };

function attention(builder: GraphBuilder, input: string, layer: string): string {
  const { hidden, heads, headSize } = small;
  const width = heads * headSize;
  const part = (name: string, perm: readonly number[]): string => {
    const joined = linear(builder, input, [`${layer}.${name}`, hidden, width]);
    const apart = builder.node("Reshape", [joined, "apart"]);
    return builder.node("Transpose", [apart], { attributes: { perm: { ints: perm } } });
  };
  const [query, key, value] = [part("query", [0, 2, 1, 3]), part("key", [0, 2, 3, 1]), part("value", [0, 2, 1, 3])];
  const scores = builder.node("Mul", [builder.node("MatMul", [query, key]), "root"]);
  const masked = builder.node("Add", [scores, "maskTerm:0"]);
  const shares = builder.node("Softmax", [masked], { attributes: { axis: { int: -1 } } });
  const heard = builder.node("MatMul", [shares, value]);
  const inOrder = builder.node("Transpose", [heard], { attributes: { perm: { ints: [0, 2, 1, 3] } } });
  const joined = builder.node("Reshape", [inOrder, "joined"]);
  return linear(builder, joined, [`${layer}.output`, width, hidden]);
}

function normalized(builder: GraphBuilder, input: string, name: string): string {
  const scale = builder.weight(tensorOf(`${name}.scale`, new Float32Array(small.hidden).fill(1)));
  const shift = builder.weight(tensorOf(`${name}.shift`, new Float32Array(small.hidden)));
  return builder.node("LayerNormalization", [input, scale, shift], { name, attributes: { axis: { int: -1 } } });
}

/** An encoder with random weights, two layers, a mask and a table of words. */
export function smallEncoder(): OnnxGraph {
  const builder = createGraphBuilder();
  const { hidden, heads, headSize, neurons, words, layers } = small;
  const ids = builder.input({ name: "ids", type: "int64", dimensions: ["batch", small.sequence] });
  const mask = builder.input({ name: "mask", type: "float32", dimensions: ["batch", 1, 1, small.sequence] });
  builder.weight(tensorOf("apart", BigInt64Array.of(0n, 0n, BigInt(heads), BigInt(headSize))));
  builder.weight(tensorOf("joined", BigInt64Array.of(0n, 0n, BigInt(heads * headSize))));
  builder.weight(tensorOf("root", Float32Array.of(headSize ** -0.5), []));
  builder.node("Mul", [mask, builder.weight(tensorOf("far", Float32Array.of(-1e4), []))], { name: "maskTerm" });
  let value = builder.node("Gather", [matrix(builder, "words", [words, hidden]), ids], { name: "embedding" });
  value = normalized(builder, value, "first");
  for (let at = 0; at < layers; at++) {
    const layer = `layer${at}`;
    const heard = builder.node("Add", [value, attention(builder, value, layer)]);
    value = normalized(builder, heard, `${layer}.heard`);
    const wide = builder.node("Relu", [linear(builder, value, [`${layer}.widen`, hidden, neurons])]);
    const narrow = linear(builder, wide, [`${layer}.narrow`, neurons, hidden]);
    value = normalized(builder, builder.node("Add", [value, narrow]), `${layer}.thought`);
  }
  builder.output(value, { name: "vectors", type: "float32", dimensions: ["batch", small.sequence, hidden] });
  return builder.build({ name: "small encoder" });
}

/** An input of the small encoder. */
export function sentence(): readonly Tensor[] {
  const ids = BigInt64Array.from({ length: small.sequence }, () => BigInt(Math.floor(random() * small.words)));
  return [
    tensorOf("ids", ids, [1, small.sequence]),
    tensorOf("mask", new Float32Array(small.sequence), [1, 1, 1, small.sequence]),
  ];
}

function convolution(
  builder: GraphBuilder,
  input: string,
  layer: readonly [name: string, from: number, to: number],
): string {
  const [name, from, to] = layer;
  const weight = tensorOf(`${name}.weight`, normal(to * from * 9, (from * 9) ** -0.5), [to, from, 3, 3]);
  const inputs = [input, builder.weight(weight), builder.weight(tensorOf(`${name}.bias`, normal(to, 0.1)))];
  return builder.node("Conv", inputs, { name, attributes: { pads: { ints: [1, 1, 1, 1] } } });
}

/** A net with convolutions, a residual sum, pooling and a Gemm. */
export function smallConvolutionNet(): OnnxGraph {
  const builder = createGraphBuilder();
  const image = builder.input({ name: "image", type: "float32", dimensions: ["batch", 3, 16, 16] });
  const begun = builder.node("Relu", [convolution(builder, image, ["begin", 3, 8])]);
  const pooling = { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } };
  const pooled = builder.node("MaxPool", [begun], { attributes: pooling });
  const inner = builder.node("Relu", [convolution(builder, pooled, ["inner", 8, 8])]);
  const sum = builder.node("Add", [convolution(builder, inner, ["outer", 8, 8]), pooled]);
  const averages = builder.node("GlobalAveragePool", [builder.node("Relu", [sum])]);
  const flat = builder.node("Flatten", [averages]);
  const bias = builder.weight(tensorOf("classes.bias", normal(5, 0.1)));
  const classes = { name: "classes", attributes: { transB: { int: 1 } } };
  const logits = builder.node("Gemm", [flat, matrix(builder, "classes.weight", [5, 8]), bias], classes);
  builder.output(logits, { name: "logits", type: "float32", dimensions: ["batch", 5] });
  return builder.build({ name: "small convolution net" });
}

/** An input of the small convolution net. */
export function image(): readonly Tensor[] {
  return [tensorOf("image", normal(3 * 16 * 16, 1), [1, 3, 16, 16])];
}
