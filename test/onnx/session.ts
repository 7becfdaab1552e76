import { encodeOnnx, type OnnxGraph } from "numalab/onnx";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** Tensors by the names of a graph's inputs or outputs. */
export type Values = Readonly<Record<string, Tensor>>;

/** Whole numbers as a tensor: token ids, masks. */
export function integers(values: readonly number[], dimensions: readonly number[] = [1, values.length]): Tensor {
  return new Tensor("int64", BigInt64Array.from(values, BigInt), dimensions);
}

/** Runs a graph in onnxruntime, once for each of the inputs. */
export async function runGraph(graph: OnnxGraph, ...inputs: readonly Values[]): Promise<readonly Values[]> {
  const session = await InferenceSession.create(encodeOnnx(graph), { intraOpNumThreads: 1 });
  const outputs: Values[] = [];
  for (const one of inputs) outputs.push(await session.run(one));
  await session.release();
  return outputs;
}

/** The elements of an output of real numbers. */
export function realsOf(tensor: Tensor | undefined): readonly number[] {
  return [...(tensor?.data as Float32Array)];
}

/** The greatest distance of two lists from element to element. */
export function distanceOf(left: readonly number[], right: readonly number[]): number {
  return Math.max(...left.map((value, index) => Math.abs(value - (right[index] ?? Infinity))));
}
