import { type OnnxNode, type Tensor, tensorOf } from "../../onnx/index.ts";

/** The shape that a Reshape makes; null where it is computed. */
export function shapeOf({ inputs }: OnnxNode, weights: ReadonlyMap<string, Tensor>): readonly number[] | null {
  const shape = weights.get(inputs[1] ?? "");
  if (shape?.type !== "int64") return null;
  const { buffer, byteLength } = shape.data.slice();
  return Array.from(new BigInt64Array(buffer, 0, byteLength / 8), Number);
}

/** A shape as a weight. */
export function shapeTensor(name: string, shape: readonly number[]): Tensor {
  return tensorOf(name, BigInt64Array.from(shape, BigInt));
}
