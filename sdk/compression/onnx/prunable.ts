import type { OnnxNode, Tensor } from "../../onnx/index.ts";
import type { LinearLayer } from "./linearLayer.ts";

/** Units of a graph that can be left out: heads of an attention, or neurons between two layers. */
export interface Prunable {
  readonly kind: "heads" | "neurons";
  /** The name of the first node that reads the units. */
  readonly name: string;
  readonly unitsCount: number;
  /** Columns that belong to one unit: the size of a head, or 1. */
  readonly unitWidth: number;
  /** Layers whose outputs are the units. */
  readonly sources: readonly LinearLayer[];
  /** Layers that read them. */
  readonly sinks: readonly LinearLayer[];
  /** Weights with a number for each column, such as biases. */
  readonly vectors: readonly Tensor[];
  /** Nodes whose constant shape tells the number of units or of columns. */
  readonly reshapes: readonly OnnxNode[];
}

/** Operators that compute each number by itself. */
export const elementwiseOperators: ReadonlySet<string> = new Set([
  "Add",
  "Sub",
  "Mul",
  "Div",
  "Pow",
  "Sqrt",
  "Exp",
  "Neg",
  "Erf",
  "Relu",
  "LeakyRelu",
  "Gelu",
  "FastGelu",
  "QuickGelu",
  "BiasGelu",
  "Tanh",
  "Sigmoid",
  "HardSwish",
  "Clip",
  "Cast",
  "Identity",
]);
