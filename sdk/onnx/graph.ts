import type { ElementType } from "./elementType.ts";
import type { Tensor } from "./tensor.ts";

/** What a graph takes or gives. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  /** Outermost first; a name stands for a size that may differ from call to call. */
  readonly dimensions: readonly (number | string)[];
}

/** A setting of a node: exactly one of its kinds. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly tensor: Tensor };

/** One operation. */
export interface OnnxNode {
  readonly name: string;
  /** The name of the operator, such as `MatMul`. */
  readonly operator: string;
  /** "" for the operators of ONNX itself, `com.microsoft` for those that onnxruntime adds. */
  readonly domain: string;
  /** Names of values; "" for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A model in ONNX: its nodes in the order in which they can be computed. */
export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly nodes: readonly OnnxNode[];
  /** Values stored with the graph (ONNX calls them initializers), each name once. */
  readonly weights: readonly Tensor[];
  /** What is known beside the graph, such as whether its weights are synthetic. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The operator sets that it needs, by domain. */
  readonly operatorSets: Readonly<Record<string, number>>;
}
