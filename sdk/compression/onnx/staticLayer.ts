import { float32Of, type OnnxNode, type Tensor, tensorOf } from "../../onnx/index.ts";
import type { SignalSums } from "../../stats/index.ts";
import { integerMatrixOf } from "./integerMatrix.ts";
import { linearLayerOf, type Matrix } from "./linearLayer.ts";
import { nodeOf } from "./replacement.ts";

/** A node with a weight that is stored as int8, with a scale for each of its outputs. */
export interface StaticLayer {
  readonly node: OnnxNode;
  readonly weight: Tensor;
  /** Null for none. */
  readonly bias: Tensor | null;
  /** The dimension of the weight that counts the outputs. */
  readonly axis: 0 | 1;
}

function convolutionOf(node: OnnxNode, weights: ReadonlyMap<string, Tensor>): StaticLayer | null {
  const weight = weights.get(node.inputs[1] ?? "");
  if (node.operator !== "Conv" || node.domain !== "" || weight?.type !== "float32") return null;
  return { node, weight, bias: weights.get(node.inputs[2] ?? "") ?? null, axis: 0 };
}

/** The node as a layer; null for another operator, or where its weight is not stored with the graph. */
export function staticLayerOf(node: OnnxNode, weights: ReadonlyMap<string, Tensor>): StaticLayer | null {
  const linear = linearLayerOf(node, weights);
  if (linear === null) return convolutionOf(node, weights);
  const bias = linear.bias === null ? null : (weights.get(linear.bias) ?? null);
  return { node, weight: linear.weight, bias, axis: linear.isTransposed ? 0 : 1 };
}

/** A matrix with a row, or a column, for each output. */
function matrixOf({ weight, axis }: StaticLayer): Matrix {
  const values = float32Of(weight);
  const [first = 1, second = 1] = weight.dimensions;
  return axis === 1
    ? { values, rowsCount: first, columnsCount: second }
    : { values, rowsCount: first, columnsCount: values.length / first };
}

/** What a value is restored by: its whole numbers, their scales and their zeros, stored or computed. */
export interface Restored {
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly Tensor[];
  /** The name of the restored value. */
  readonly name: string;
}

function restore(whole: Tensor, scales: Float32Array, axis: number): Restored {
  const name = `${whole.name}:restored`;
  const zeros = new Uint8Array(scales.length * (whole.type === "int8" ? 1 : 4));
  const scale = tensorOf(`${whole.name}:scale`, scales);
  const zero: Tensor = { name: `${whole.name}:zero`, type: whole.type, dimensions: [scales.length], data: zeros };
  const inputs = [whole.name, scale.name, zero.name];
  const node = nodeOf("DequantizeLinear", inputs, { outputs: [name], attributes: { axis: { int: axis } } });
  return { nodes: [node], weights: [whole, scale, zero], name };
}

/** A bias in the steps in which the products are summed up. */
function restoredBias(name: string, bias: Tensor, scales: Float32Array): Restored {
  const values = Int32Array.from(float32Of(bias), (value, index) => Math.round(value / (scales[index] as number)));
  return restore(tensorOf(name, values), scales, 0);
}

/** A layer that reads restored whole numbers, with the error of its weight. */
export interface QuantizedStaticLayer {
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly Tensor[];
  readonly sums: SignalSums;
}

/** The layer with its weight and bias as whole numbers. Its input has `inputScale`, and is read from `input`. */
export function quantizeStaticLayer(
  layer: StaticLayer,
  { name: input, scale: inputScale }: { readonly name: string; readonly scale: number },
): QuantizedStaticLayer {
  const { node, weight, bias, axis } = layer;
  const along = axis === 1 ? "columns" : "rows";
  const { values, scales, sums } = integerMatrixOf(matrixOf(layer), { along, limit: 127 });
  const restored = [restore(tensorOf(`${weight.name}:int8`, values, weight.dimensions), scales, axis)];
  const productScales = scales.map((scale) => scale * inputScale);
  // The scale of a bias depends on the input, which differs between nodes that share one.
  if (bias !== null) restored.push(restoredBias(`${node.name}:bias`, bias, productScales));
  const others = restored.map(({ name }) => name);
  const product = { ...node, inputs: [input, ...others, ...node.inputs.slice(1 + others.length)] };
  return {
    nodes: [...restored.flatMap(({ nodes }) => nodes), product],
    weights: restored.flatMap(({ weights }) => weights),
    sums,
  };
}
