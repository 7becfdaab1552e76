import { InferenceSession, Tensor } from "onnxruntime-node";
import { encodeOnnx } from "numalab/onnx";
import { seededRandom } from "numalab/stats";
import { type Expression, gradientsOf, graphOf, type Input } from "numalab/training";

/** What a check of gradients found. */
export interface GradientCheck {
  /** The largest difference to the central finite difference, relative to the larger of it and the gradients' usual size. */
  readonly worstError: number;
  /** The root mean square of the gradient of each weight. */
  readonly sizes: Readonly<Record<string, number>>;
}

const sizeOf = ({ dimensions }: Expression) => dimensions.reduce((product, size) => product * size, 1);
/** Gradients below it are taken for 0, which some are: a key's bias moves all scores of a row alike. */
const smallestSize = 1e-5;
const rms = (values: readonly number[]) => Math.hypot(...values) / Math.sqrt(values.length);

/** How a check is made. */
export interface CheckOptions {
  /** Half the distance of the two values that are compared; for float64 or, with one that is larger, for float32. */
  readonly distance?: number;
  /** The interval from which the weights are drawn. */
  readonly interval?: readonly [number, number];
  /** Elements of each weight that are checked. Default: all. */
  readonly elementsCount?: number;
}

/** Compares the gradients of a loss with central finite differences, both computed by onnxruntime. */
export async function checkGradients(
  loss: Expression,
  weights: readonly Input[],
  { distance = 1e-5, interval: [low, high] = [0.4, 1.7], elementsCount = Infinity }: CheckOptions = {},
): Promise<GradientCheck> {
  const gradients = gradientsOf(loss, weights).map((value, index) => [`gradient${index}`, value] as const);
  const graph = graphOf({ name: "check", outputs: { loss, ...Object.fromEntries(gradients) } });
  const session = await InferenceSession.create(encodeOnnx(graph), { intraOpNumThreads: 1 });
  const random = seededRandom(1);
  const values = weights.map((weight) => Array.from({ length: sizeOf(weight) }, () => low + (high - low) * random()));
  const run = async (elements: readonly (readonly number[])[]) => {
    const feeds = weights.map(({ name, type, dimensions }, index) => {
      const typed = type === "float64" ? new Float64Array(elements[index]!) : new Float32Array(elements[index]!);
      return [name, new Tensor(type as "float32", typed as Float32Array, dimensions)];
    });
    return session.run(Object.fromEntries(feeds) as Record<string, Tensor>);
  };
  const outputs = await run(values);
  const lossAt = async (weight: number, element: number, change: number) => {
    const moved = values.map((row) => [...row]);
    moved[weight]![element]! += change;
    return Number((await run(moved))["loss"]!.data[0]);
  };
  const sizes: Record<string, number> = {};
  let worstError = 0;
  for (const [index, weight] of weights.entries()) {
    const found = Array.from(outputs[`gradient${index}`]!.data as Float64Array);
    sizes[weight.name] = rms(found);
    const stride = Math.max(1, Math.floor(found.length / elementsCount));
    for (let element = 0; element < found.length; element += stride) {
      const difference = (await lossAt(index, element, distance)) - (await lossAt(index, element, -distance));
      const expected = difference / (2 * distance);
      const scale = Math.max(Math.abs(expected), rms(found), smallestSize);
      worstError = Math.max(worstError, Math.abs(found[element]! - expected) / scale);
    }
  }
  await session.release();
  return { worstError, sizes };
}
