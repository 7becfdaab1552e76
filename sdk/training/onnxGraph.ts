import { createGraphBuilder, type OnnxGraph, type Tensor, type ValueInfo } from "../onnx/index.ts";
import { type Expression, orderOf } from "./expression.ts";

/** What of expressions becomes a graph. */
export interface GraphSpec {
  readonly name: string;
  /** The values to be computed, by the names under which the graph gives them. */
  readonly outputs: Readonly<Record<string, Expression>>;
  /** Inputs whose values are stored in the graph. Default: none, so that all are given at each run. */
  readonly stored?: readonly Tensor[];
  /** A name for the first size of all inputs and outputs, when it may differ from run to run. */
  readonly batchName?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The graph that computes these values. */
export function graphOf({ name, outputs, stored = [], batchName, metadata = {} }: GraphSpec): OnnxGraph {
  const graph = createGraphBuilder();
  const infoOf = (valueName: string, { type, dimensions }: Expression): ValueInfo => {
    const sizes = batchName === undefined ? dimensions : [batchName, ...dimensions.slice(1)];
    return { name: valueName, type, dimensions: sizes };
  };
  const names = new Map<Expression, string>();
  const nameOf = (value: Expression) => names.get(value) ?? "";
  const added = (value: Expression): string => {
    if (value.kind === "operation") {
      return graph.node(value.operator, value.inputs.map(nameOf), { attributes: value.attributes });
    }
    if (value.kind === "constant") return graph.weight({ ...value, name: `constant_${names.size}` });
    const tensor = stored.find((one) => one.name === value.name);
    return tensor === undefined ? graph.input(infoOf(value.name, value)) : graph.weight(tensor);
  };
  for (const value of orderOf(Object.values(outputs))) names.set(value, added(value));
  for (const [outputName, value] of Object.entries(outputs)) graph.output(nameOf(value), infoOf(outputName, value));
  return graph.build({ name, metadata });
}
