import { type OnnxGraph, type OnnxNode, type Tensor, tensorOf } from "../../onnx/index.ts";
import { CompressionError } from "../errors.ts";
import type { Range } from "./range.ts";
import { indexGraph } from "./graphIndex.ts";
import { nodeOf } from "./replacement.ts";
import { staticLayerOf } from "./staticLayer.ts";

/** The values of a graph that are stored as uint8. */
export interface StoredValues {
  /** Given by a node that computes in whole numbers: all that reads it reads what was stored. */
  readonly given: ReadonlySet<string>;
  /** Read by a layer, which alone reads what was stored. */
  readonly read: ReadonlySet<string>;
  /** Values that keep the range of another, by name: a maximum is one of the numbers that it is taken of. */
  readonly rangeOf: ReadonlyMap<string, string>;
}

/** Operators that give uint8 where all they are given is stored: weights, or values in uint8. */
const givingOperators = new Set(["Conv", "Add", "MaxPool", "GlobalAveragePool"]);

/** The name under which a stored value is read. */
export const restoredName = (value: string): string => `${value}:restored`;

/** What a value becomes where a Relu is all that reads it: onnxruntime joins the Relu to what gives the value. */
function endOf(value: string, readers: readonly OnnxNode[]): string {
  const [only, ...others] = readers;
  return only?.operator === "Relu" && others.length === 0 ? (only.outputs[0] ?? value) : value;
}

/** The values that are stored: inputs of layers, outputs of convolutions, and what sums and pooling make of these. */
export function storedValuesOf(graph: OnnxGraph, skip: readonly string[]): StoredValues {
  const { weights, readersOf } = indexGraph(graph);
  const [given, read, rangeOf] = [new Set<string>(), new Set<string>(), new Map<string, string>()];
  const isStored = (value: string): boolean => given.has(value) || read.has(value);
  for (const node of graph.nodes.filter(({ name }) => !skip.includes(name))) {
    const { operator, inputs, outputs } = node;
    const [[input = ""], [output = ""]] = [inputs, outputs];
    const isLayer = staticLayerOf(node, weights) !== null;
    if (isLayer) read.add(input);
    if (givingOperators.has(operator) && (isLayer || inputs.every(isStored))) {
      given.add(endOf(output, readersOf(output)));
    }
    if (operator === "MaxPool" && given.has(output)) rangeOf.set(output, input);
  }
  return { given, read, rangeOf };
}

interface Storage {
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly Tensor[];
}

/** The step between two stored numbers of a range. */
export function stepOf({ lowest, highest }: Range): number {
  return Math.fround(highest === lowest ? 1 : (highest - lowest) / 255);
}

/** The nodes that store a value and restore it. */
function storageOf(value: string, range: Range): Storage {
  const step = stepOf(range);
  const [scale, zero, whole] = [`${value}:scale`, `${value}:zero`, `${value}:uint8`];
  return {
    nodes: [
      nodeOf("QuantizeLinear", [value, scale, zero], { outputs: [whole] }),
      nodeOf("DequantizeLinear", [whole, scale, zero], { outputs: [restoredName(value)] }),
    ],
    weights: [
      tensorOf(scale, Float32Array.of(step), []),
      tensorOf(zero, Uint8Array.of(Math.round(-range.lowest / step)), []),
    ],
  };
}

/**
 * The range of a stored value.
 * @throws {CompressionError} `bad-samples` when it was not found
 */
export function rangeOfValue(value: string, { rangeOf }: StoredValues, ranges: ReadonlyMap<string, Range>): Range {
  const range = ranges.get(rangeOf.get(value) ?? value);
  if (range !== undefined) return range;
  const message = `No range is known of the value ${value}. Calibrate the same graph, with the same nodes skipped.`;
  throw new CompressionError("bad-samples", message, { facts: { value } });
}

/**
 * The graph with each stored value stored and restored where it is given.
 * @throws {CompressionError} `bad-samples`
 */
export function storeValues(graph: OnnxGraph, stored: StoredValues, ranges: ReadonlyMap<string, Range>): OnnxGraph {
  const weights = [...graph.weights];
  const storageNodesOf = (value: string): readonly OnnxNode[] => {
    if (!stored.given.has(value) && !stored.read.has(value)) return [];
    const storage = storageOf(value, rangeOfValue(value, stored, ranges));
    weights.push(...storage.weights);
    return storage.nodes;
  };
  const nodes = graph.inputs.flatMap(({ name }) => storageNodesOf(name));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => (stored.given.has(input) ? restoredName(input) : input));
    nodes.push({ ...node, inputs }, ...node.outputs.flatMap(storageNodesOf));
  }
  return { ...graph, nodes, weights };
}
