import type { OnnxGraph, OnnxNode, Tensor } from "../../onnx/index.ts";

/** A graph that can be walked: from a value to what gives it and to what reads it. */
export interface GraphIndex {
  readonly weights: ReadonlyMap<string, Tensor>;
  /** Absent for weights and for inputs of the graph. */
  readonly giverOf: (value: string) => OnnxNode | undefined;
  readonly readersOf: (value: string) => readonly OnnxNode[];
}

/** The graph's values with their nodes. */
export function indexGraph({ nodes, weights }: OnnxGraph): GraphIndex {
  const givers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const readers = new Map<string, OnnxNode[]>();
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) {
      const before = readers.get(input);
      if (before === undefined) readers.set(input, [node]);
      else before.push(node);
    }
  }
  return {
    weights: new Map(weights.map((weight) => [weight.name, weight])),
    giverOf: (value) => givers.get(value),
    readersOf: (value) => readers.get(value) ?? [],
  };
}
