import { OnnxError } from "./errors.ts";
import type { OnnxGraph, OnnxNode } from "./graph.ts";
import type { Tensor } from "./tensor.ts";

/** The nodes that take each value, by its name. */
export function consumersOf({ nodes }: OnnxGraph): ReadonlyMap<string, readonly OnnxNode[]> {
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) consumers.set(input, [...(consumers.get(input) ?? []), node]);
  }
  return consumers;
}

/**
 * The same graph with other weights in place of those of the same names.
 * @throws {OnnxError} `unknown-name` when there is no weight of a name
 */
export function withWeights(graph: OnnxGraph, replacements: readonly Tensor[]): OnnxGraph {
  const byName = new Map(replacements.map((tensor) => [tensor.name, tensor]));
  const known = new Set(graph.weights.map(({ name }) => name));
  for (const name of byName.keys()) {
    if (known.has(name)) continue;
    const message = `The graph has no weight ${name} to be replaced. Name one that it has.`;
    throw new OnnxError("unknown-name", message, { facts: { name } });
  }
  return { ...graph, weights: graph.weights.map((weight) => byName.get(weight.name) ?? weight) };
}

/** The same graph without nodes and weights that no output needs. */
export function withoutUnused(graph: OnnxGraph): OnnxGraph {
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const nodes = graph.nodes.toReversed().filter(({ inputs, outputs }) => {
    const isNeeded = outputs.some((name) => needed.has(name));
    if (isNeeded) for (const input of inputs) needed.add(input);
    return isNeeded;
  });
  return { ...graph, nodes: nodes.reverse(), weights: graph.weights.filter(({ name }) => needed.has(name)) };
}

/**
 * The same graph with each node after those whose results it takes.
 * @throws {OnnxError} `unknown-name` when nodes need each other, or what nothing gives
 */
export function sorted(graph: OnnxGraph): OnnxGraph {
  const known = new Set(["", ...graph.inputs.map(({ name }) => name), ...graph.weights.map(({ name }) => name)]);
  const nodes: OnnxNode[] = [];
  let waiting = graph.nodes;
  while (waiting.length > 0) {
    const later = waiting.filter((node) => {
      if (!node.inputs.every((name) => known.has(name))) return true;
      for (const output of node.outputs) known.add(output);
      nodes.push(node);
      return false;
    });
    const [stuck] = later;
    if (stuck !== undefined && later.length === waiting.length) {
      const message = `The node ${stuck.name} needs values that nothing before it can give. Give it others.`;
      throw new OnnxError("unknown-name", message, { facts: { name: stuck.name, inputs: stuck.inputs } });
    }
    waiting = later;
  }
  return { ...graph, nodes };
}
