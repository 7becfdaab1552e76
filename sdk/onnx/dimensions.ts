import { dimensionRules } from "./dimensionRules.ts";
import type { OnnxGraph, OnnxNode, ValueInfo } from "./graph.ts";
import { settingOf } from "./setting.ts";
import type { Tensor } from "./tensor.ts";

/** The sizes that a graph leaves open, by their names. */
export type OpenSizes = Readonly<Record<string, number>>;

/** What is known of the values of a graph for inputs of certain sizes. */
export interface KnownValues {
  /** Outermost first. */
  readonly dimensions: Map<string, readonly number[]>;
  /** The elements of values that say how others are shaped. */
  readonly integers: Map<string, readonly number[]>;
}

/** Longer lists of integers are no shapes. */
const mostShapeElements = 16;

function integersOf({ type, dimensions, data }: Tensor): readonly number[] | null {
  const isShape = type === "int64" && dimensions.length <= 1 && data.length <= 8 * mostShapeElements;
  if (!isShape) return null;
  return Array.from(new BigInt64Array(new Uint8Array(data).buffer), (value) => Number(value));
}

/** The sizes of an input, or null when one is not given. */
function sizesOf({ dimensions }: ValueInfo, sizes: OpenSizes): readonly number[] | null {
  const found = dimensions.map((size) => (typeof size === "number" ? size : sizes[size]));
  return found.every((size) => size !== undefined) ? found : null;
}

/** A shape that is computed: the sizes of a value, all or a part. */
function shapeElementsOf(node: OnnxNode, { dimensions }: KnownValues): readonly number[] | undefined {
  const sizes = dimensions.get(node.inputs[0] ?? "");
  return sizes?.slice(settingOf(node, "start", [0])[0], settingOf(node, "end", [sizes.length])[0]);
}

function learn(node: OnnxNode, known: KnownValues): void {
  const [output = ""] = node.outputs;
  if (node.operator === "Shape") {
    const elements = shapeElementsOf(node, known);
    if (elements !== undefined) known.integers.set(output, elements);
  }
  if (node.operator === "DynamicQuantizeLinear") {
    for (const single of node.outputs.slice(1)) known.dimensions.set(single, []);
  }
  const dimensions = dimensionRules.get(node.operator)?.(node, known);
  if (dimensions?.every((size) => Number.isSafeInteger(size) && size >= 0) === true) {
    known.dimensions.set(output, dimensions);
  }
}

/** The dimensions of the values of a graph, as far as its operators are known; of most nodes, the first output. */
export function knownValuesOf(graph: OnnxGraph, sizes: OpenSizes): KnownValues {
  const known: KnownValues = { dimensions: new Map(), integers: new Map() };
  for (const input of graph.inputs) {
    const dimensions = sizesOf(input, sizes);
    if (dimensions !== null) known.dimensions.set(input.name, dimensions);
  }
  for (const weight of graph.weights) {
    known.dimensions.set(weight.name, weight.dimensions);
    const integers = integersOf(weight);
    if (integers !== null) known.integers.set(weight.name, integers);
  }
  for (const node of graph.nodes) learn(node, known);
  return known;
}
