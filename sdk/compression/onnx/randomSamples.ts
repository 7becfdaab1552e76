import {
  elementsCountOf,
  type OnnxGraph,
  type OpenSizes,
  operationsOf,
  type Tensor,
  tensorOf,
  type ValueInfo,
} from "../../onnx/index.ts";
import { seededRandom } from "../../stats/index.ts";
import { CompressionError } from "../errors.ts";

function dimensionsOf({ name, dimensions }: ValueInfo, sizes: OpenSizes): readonly number[] {
  return dimensions.map((size) => {
    const known = typeof size === "number" ? size : sizes[size];
    if (known !== undefined) return known;
    const message = `The size ${size} of the input ${name} is not known. Pass samples of the graph's inputs.`;
    throw new CompressionError("needs-samples", message, { facts: { name, size } });
  });
}

/** How many rows an integer input chooses from; null where it chooses none, such as a mask. */
function rowsCountOf({ nodes, weights }: OnnxGraph, input: string): number | null {
  const reader = nodes.find(({ operator, inputs }) => operator === "Gather" && inputs[1] === input);
  return weights.find(({ name }) => name === reader?.inputs[0])?.dimensions[0] ?? null;
}

function tensorFor(graph: OnnxGraph, input: ValueInfo, random: () => number): Tensor {
  const dimensions = dimensionsOf(input, operationsOf(graph).sizes);
  const count = elementsCountOf(dimensions);
  const { name, type } = input;
  if (type === "float32")
    return tensorOf(
      name,
      Float32Array.from({ length: count }, () => 2 * random() - 1),
      dimensions,
    );
  const rowsCount = rowsCountOf(graph, name);
  const whole = (): number => (rowsCount === null ? 1 : Math.floor(random() * rowsCount));
  if (type === "int64")
    return tensorOf(
      name,
      BigInt64Array.from({ length: count }, () => BigInt(whole())),
      dimensions,
    );
  if (type === "int32") return tensorOf(name, Int32Array.from({ length: count }, whole), dimensions);
  const message = `The input ${name} is ${type}, for which no random values are made. Pass samples of the graph's inputs.`;
  throw new CompressionError("needs-samples", message, { facts: { name, type } });
}

/**
 * Random inputs of a graph: rows of the tables that it reads, ones for other integers such as masks, and real numbers from
 * −1 to 1; texts of 128 tokens where the graph leaves the length open. They say how far two graphs are apart, not how well
 * either does its task.
 * @throws {CompressionError} `needs-samples` where the graph does not tell what it takes
 */
export function randomSamples(graph: OnnxGraph, count: number, randomSeed = 1): readonly (readonly Tensor[])[] {
  const random = seededRandom(randomSeed);
  return Array.from({ length: count }, () => graph.inputs.map((input) => tensorFor(graph, input, random)));
}
