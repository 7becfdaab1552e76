import { elementsCountOf, float32Of, type OnnxGraph, type OnnxNode, type Tensor, tensorOf } from "../../onnx/index.ts";
import { CompressionError } from "../errors.ts";
import { type GraphIndex, indexGraph } from "./graphIndex.ts";
import type { Prunable } from "./prunable.ts";
import { replaceNodes } from "./replacement.ts";
import { shapeOf, shapeTensor } from "./shapeConstant.ts";

/** The tensor with only these places of one of its dimensions. */
function takeAlong(tensor: Tensor, axis: number, places: readonly number[]): Tensor {
  const { name, dimensions } = tensor;
  const values = float32Of(tensor);
  const size = dimensions[axis] ?? 0;
  const innerCount = elementsCountOf(dimensions.slice(axis + 1));
  const outerCount = elementsCountOf(dimensions.slice(0, axis));
  const taken = new Float32Array(outerCount * places.length * innerCount);
  let at = 0;
  for (let outer = 0; outer < outerCount; outer++) {
    for (const place of places) {
      const from = (outer * size + place) * innerCount;
      for (let inner = 0; inner < innerCount; inner++) taken[at++] = values[from + inner] as number;
    }
  }
  return tensorOf(name, taken, dimensions.with(axis, places.length));
}

/** The shape for fewer heads: the number of heads where they are apart, of columns where they are joined. */
function narrowShape(
  shape: readonly number[],
  { unitsCount, unitWidth }: Prunable,
  keptCount: number,
): readonly number[] {
  const width = unitsCount * unitWidth;
  const [heads, last] = shape.slice(-2);
  if (last === width) return shape.with(-1, keptCount * unitWidth);
  return heads === unitsCount ? shape.with(-2, keptCount) : shape;
}

function assertUnshared(name: string, { readersOf }: GraphIndex): void {
  const readers = readersOf(name);
  if (readers.length < 2) return;
  const message = `The weight ${name} is read by ${readers.length} nodes, and can be narrowed only for one. Give each node its own.`;
  throw new CompressionError("not-prunable", message, {
    facts: { name, nodes: readers.map((node) => node.name) },
  });
}

/** The weights of a group that change, with the columns that stay. */
function narrowWeights({ sources, sinks, vectors }: Prunable, columns: readonly number[], index: GraphIndex): Tensor[] {
  const axes = [
    ...vectors.map(({ name }) => [name, 0] as const),
    ...sources.map(({ weight, isTransposed }) => [weight.name, isTransposed ? 0 : 1] as const),
    ...sinks.map(({ weight, isTransposed }) => [weight.name, isTransposed ? 1 : 0] as const),
  ];
  return axes.flatMap(([name, axis]) => {
    assertUnshared(name, index);
    // Looked up anew: another group may have narrowed it along its other side.
    const weight = index.weights.get(name);
    return weight === undefined ? [] : [takeAlong(weight, axis, columns)];
  });
}

/**
 * The graph in which only these units of a group are left.
 * @throws {CompressionError} `not-prunable` when a weight of the group serves other nodes too
 */
export function narrowGraph(graph: OnnxGraph, prunable: Prunable, units: readonly number[]): OnnxGraph {
  const { unitWidth } = prunable;
  const index = indexGraph(graph);
  const columns = units.flatMap((unit) => Array.from({ length: unitWidth }, (_, column) => unit * unitWidth + column));
  const narrowed = new Map(narrowWeights(prunable, columns, index).map((weight) => [weight.name, weight]));
  const reshapes = new Set(prunable.reshapes.map(({ name }) => name));
  const narrowReshape = (node: OnnxNode) => {
    const shape = reshapes.has(node.name) ? shapeOf(node, index.weights) : null;
    if (shape === null) return null;
    // A name of its own, because layers may share a shape.
    const weight = shapeTensor(`${node.name}:shape`, narrowShape(shape, prunable, units.length));
    return { nodes: [{ ...node, inputs: [node.inputs[0] ?? "", weight.name] }], weights: [weight] };
  };
  const weights = graph.weights.map((weight) => narrowed.get(weight.name) ?? weight);
  return replaceNodes({ ...graph, weights }, narrowReshape);
}
