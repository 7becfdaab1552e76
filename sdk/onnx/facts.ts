import type { KnownValues, OpenSizes } from "./dimensions.ts";
import { knownValuesOf } from "./dimensions.ts";
import type { OnnxGraph, OnnxNode, ValueInfo } from "./graph.ts";
import { settingOf } from "./setting.ts";
import { elementsCountOf, tensorBytesOf } from "./tensor.ts";

/** What one run of a graph computes. */
export interface Operations {
  /** What the inputs' open sizes were taken to be. */
  readonly sizes: OpenSizes;
  /** Multiplications with addition in matrix products, convolutions and attention; null with a reason. */
  readonly multiplyAddsCount: number | null;
  /** Why there is no count. */
  readonly reason: string | null;
}

/** What a graph holds, and what a run of it takes. */
export interface OnnxFacts {
  readonly name: string;
  readonly synthetic: boolean;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** How often each operator occurs. */
  readonly operatorsCounts: Readonly<Record<string, number>>;
  /** The elements of all weights of real numbers, and of those that are quantized. */
  readonly parametersCount: number;
  readonly weightsBytes: number;
  readonly weightsBytesByType: Readonly<Record<string, number>>;
  readonly operations: Operations;
}

/** A short text of one batch, for a model without a past. */
const usualSizes: OpenSizes = { batch: 1, sequence: 128, past: 0, total: 128 };

/** How many products go into each element of a result; undefined when that is not known. */
type Depth = (node: OnnxNode, known: KnownValues) => number | undefined;

const kernelDepth: Depth = ({ inputs: [, kernel = ""] }, { dimensions }) => {
  const sizes = dimensions.get(kernel);
  return sizes === undefined ? undefined : elementsCountOf(sizes.slice(1));
};

/** Each element meets every token once as a key and once as a value. */
const attentionDepth: Depth = ({ inputs: [query = "", , , past = ""] }, { dimensions }) => {
  const newCount = dimensions.get(query)?.[1];
  const pastCount = dimensions.get(past)?.[2];
  return newCount === undefined || pastCount === undefined ? undefined : 2 * (newCount + pastCount);
};

const rowDepth: Depth = ({ inputs: [left = ""] }, { dimensions }) => dimensions.get(left)?.at(-1);

const gemmDepth: Depth = (node, { dimensions }) =>
  dimensions.get(node.inputs[0] ?? "")?.[1 - (settingOf(node, "transA", [0])[0] ?? 0)];

const depths: Readonly<Record<string, Depth>> = {
  MatMul: rowDepth,
  MatMulInteger: rowDepth,
  MatMulNBits: rowDepth,
  Gemm: gemmDepth,
  Conv: kernelDepth,
  ConvInteger: kernelDepth,
  GroupQueryAttention: attentionDepth,
};

function multiplyAddsOf(node: OnnxNode, known: KnownValues): number | null {
  const depth = depths[node.operator]?.(node, known);
  const dimensions = known.dimensions.get(node.outputs[0] ?? "");
  return depth === undefined || dimensions === undefined ? null : depth * elementsCountOf(dimensions);
}

/** What one run computes on inputs of these sizes: of each open size, by its name. */
export function operationsOf(graph: OnnxGraph, openSizes: OpenSizes = {}): Operations {
  const names = new Set(
    graph.inputs.flatMap(({ dimensions }) => dimensions.filter((size) => typeof size === "string")),
  );
  const all = { ...usualSizes, ...openSizes };
  const sizes = Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
  const known = knownValuesOf(graph, sizes);
  let multiplyAddsCount = 0;
  for (const node of graph.nodes.filter(({ operator }) => operator in depths)) {
    const count = multiplyAddsOf(node, known);
    if (count === null) {
      const open = [...names].filter((name) => !(name in sizes));
      const needed = open.length > 0 ? `no size is given for ${open.join(", ")}` : "an operator before it is not known";
      return { sizes, multiplyAddsCount: null, reason: `the sizes at the node ${node.name} are not known: ${needed}` };
    }
    multiplyAddsCount += count;
  }
  return { sizes, multiplyAddsCount, reason: null };
}

/** The sums of what belongs to each name. */
function sumsOf(rows: Iterable<readonly [name: string, value: number]>): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [name, value] of rows) sums.set(name, (sums.get(name) ?? 0) + value);
  return Object.fromEntries(sums);
}

/** The weights of a matrix that lies in blocks, whose stored bytes are packed: several to a byte, with scales beside them. */
function packedOf(node: OnnxNode): { readonly names: readonly string[]; readonly count: number } | null {
  if (node.operator !== "MatMulNBits") return null;
  const [depth = 0] = settingOf(node, "K", [0]);
  const [columns = 0] = settingOf(node, "N", [0]);
  return { names: node.inputs.slice(1, 4), count: depth * columns };
}

/** The elements of all weights of real numbers, whatever they are stored in. */
function parametersCountOf({ nodes, weights }: OnnxGraph): number {
  const packed = nodes.flatMap((node) => packedOf(node) ?? []);
  const names = new Set(packed.flatMap((matrix) => matrix.names));
  const plain = weights.filter(({ name, type }) => type !== "int64" && type !== "bool" && !names.has(name));
  const counts = [...plain.map(({ dimensions }) => elementsCountOf(dimensions)), ...packed.map(({ count }) => count)];
  return counts.reduce((total, count) => total + count, 0);
}

/** What a graph holds, and what a run of it takes on inputs of these sizes. */
export function factsOf(graph: OnnxGraph, openSizes: OpenSizes = {}): OnnxFacts {
  const { name, inputs, outputs, nodes, weights, metadata } = graph;
  const bytes = weights.map(({ type, dimensions }) => [type, tensorBytesOf(type, dimensions)] as const);
  return {
    name,
    synthetic: metadata["numalab.synthetic"] === "true",
    inputs,
    outputs,
    operatorsCounts: sumsOf(nodes.map(({ operator }) => [operator, 1])),
    parametersCount: parametersCountOf(graph),
    weightsBytes: bytes.reduce((total, [, count]) => total + count, 0),
    weightsBytesByType: sumsOf(bytes),
    operations: operationsOf(graph, openSizes),
  };
}
