import { OnnxError } from "./errors.ts";
import type { OnnxGraph } from "./graph.ts";
import type { Tensor } from "./tensor.ts";
import { tensorBytesOf } from "./tensor.ts";

/** Refuses a tensor that has not as many bytes as its type and dimensions say. */
function assertWhole({ name, type, dimensions, data }: Tensor): void {
  const neededBytes = tensorBytesOf(type, dimensions);
  if (dimensions.every((size) => Number.isInteger(size) && size >= 0) && data.length === neededBytes) return;
  const found = `The tensor ${name} has ${data.length} bytes, and ${type} of [${dimensions.join(", ")}] takes ${neededBytes}`;
  throw new OnnxError("shape-mismatch", `${found}. Give it as many as it takes.`, {
    facts: { name, bytes: data.length, neededBytes },
  });
}

function define(known: Set<string>, name: string): void {
  if (known.has(name)) {
    const message = `The name ${name} stands for two values of one graph. Give each its own.`;
    throw new OnnxError("duplicate-name", message, { facts: { name } });
  }
  known.add(name);
}

function assertKnown(known: ReadonlySet<string>, name: string, user: string): void {
  if (known.has(name)) return;
  const message = `${user} needs the value ${name}, which nothing before it gives. Add what gives it, or sort the nodes.`;
  throw new OnnxError("unknown-name", message, { facts: { name, user } });
}

/**
 * Nothing when every value of a graph has one name, and is given before it is needed.
 * @throws {OnnxError} `duplicate-name` or `unknown-name`
 */
export function checkNames({ inputs, weights, nodes, outputs }: OnnxGraph): void {
  const known = new Set<string>();
  for (const { name } of [...inputs, ...weights]) define(known, name);
  for (const { name, operator, inputs: needed, outputs: given } of nodes) {
    for (const value of needed) if (value !== "") assertKnown(known, value, `The node ${name} (${operator})`);
    for (const value of given) if (value !== "") define(known, value);
  }
  for (const { name } of outputs) assertKnown(known, name, `The output ${name}`);
}

/**
 * Nothing when the names and the sizes of a graph are in order.
 * @throws {OnnxError} `duplicate-name`, `unknown-name` or `shape-mismatch`
 */
export function checkGraph(graph: OnnxGraph): void {
  checkNames(graph);
  const constants = graph.nodes.flatMap(({ attributes }) => Object.values(attributes));
  for (const weight of graph.weights) assertWhole(weight);
  for (const constant of constants) if ("tensor" in constant) assertWhole(constant.tensor);
}

/**
 * Nothing when each count is a whole number from 1 to the most that any model has.
 * @throws {OnnxError} `bad-spec`
 */
export function checkCounts(counts: Readonly<Record<string, number>>, most: number): void {
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isInteger(count) && count >= 1 && count <= most) continue;
    const message = `${name} is ${count}, and must be a whole number from 1 to ${most}. Pass such a one.`;
    throw new OnnxError("bad-spec", message, { facts: { name, count } });
  }
}
