import type { OnnxGraph, OnnxNode, Tensor } from "../../onnx/index.ts";

/** What stands in place of a node. */
export interface Replacement {
  readonly nodes: readonly OnnxNode[];
  /** New weights; one of a name that there is already replaces that. */
  readonly weights: readonly Tensor[];
}

/** The graph without the weights that nothing reads. */
function withoutUnread(graph: OnnxGraph): OnnxGraph {
  const read = new Set([...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)]);
  return { ...graph, weights: graph.weights.filter(({ name }) => read.has(name)) };
}

/** The graph with other nodes in place of those for which `replace` gives some, without weights that nothing reads any more. */
export function replaceNodes(graph: OnnxGraph, replace: (node: OnnxNode) => Replacement | null): OnnxGraph {
  const weights = new Map(graph.weights.map((weight) => [weight.name, weight]));
  const nodes = graph.nodes.flatMap((node) => {
    const replacement = replace(node);
    for (const weight of replacement?.weights ?? []) weights.set(weight.name, weight);
    return replacement?.nodes ?? [node];
  });
  return withoutUnread({ ...graph, nodes, weights: [...weights.values()] });
}

/** A node named after what it gives. */
export function nodeOf(
  operator: string,
  inputs: readonly string[],
  rest: Pick<OnnxNode, "outputs"> & Partial<OnnxNode>,
): OnnxNode {
  return { name: `${rest.outputs[0] ?? ""}:${operator}`, operator, domain: "", inputs, attributes: {}, ...rest };
}
