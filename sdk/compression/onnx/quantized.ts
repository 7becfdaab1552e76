import type { OnnxGraph, OnnxNode } from "../../onnx/index.ts";
import { signalErrorOf, type SignalError, type SignalSums } from "../../stats/index.ts";
import { CompressionError } from "../errors.ts";
import { type Replacement, replaceNodes } from "./replacement.ts";

/** A layer whose weight is stored in fewer bits. */
export interface QuantizedLayer {
  /** The name of the node. */
  readonly name: string;
  readonly operator: string;
  /** The value that it gives, of the same name in the original and in the quantized graph. */
  readonly output: string;
  readonly weightName: string;
  /** The weight that was against what is stored now. */
  readonly weightError: SignalError;
}

/** A graph in fewer bits, and what was changed in it. */
export interface QuantizedGraph {
  readonly graph: OnnxGraph;
  readonly layers: readonly QuantizedLayer[];
}

/** What every way to quantize can be told. */
export interface QuantizationOptions {
  /** Names of nodes that stay as they are. Default: none. */
  readonly skip?: readonly string[];
  /** Quantize what is quantized already in part. */
  readonly isForced?: boolean;
}

/** What stands in place of a layer, with the error of its weight. */
export interface LayerReplacement extends Replacement {
  readonly weightName: string;
  readonly sums: SignalSums;
}

const quantizedOperators =
  /^(Dynamic)?(Quantize|Dequantize)|^QLinear|^QGemm|^(MatMul|Conv)Integer|^MatMulNBits|BlockQuantized$/;

function assertQuantizable({ nodes, operatorSets }: OnnxGraph, { isForced = false }: QuantizationOptions): void {
  const quantized = nodes.find(({ operator }) => quantizedOperators.test(operator));
  if (quantized !== undefined && !isForced) {
    const message = `The graph has the node ${quantized.name} (${quantized.operator}): it is quantized already. Quantize the original, or force it.`;
    throw new CompressionError("already-quantized", message, { facts: { node: quantized.name } });
  }
  const version = operatorSets[""] ?? 0;
  if (version < 13) {
    const message = `The graph uses version ${version} of ONNX's operators; needed at least 13. Convert the model first.`;
    throw new CompressionError("operator-set-too-old", message, { facts: { version } });
  }
}

/**
 * The graph with each node for which `replace` gives something replaced by that.
 * @throws {CompressionError} `already-quantized`, `operator-set-too-old`, `nothing-to-quantize`
 */
export function quantizeNodes(
  graph: OnnxGraph,
  options: QuantizationOptions,
  replace: (node: OnnxNode) => LayerReplacement | null,
): QuantizedGraph {
  assertQuantizable(graph, options);
  const layers: QuantizedLayer[] = [];
  const quantized = replaceNodes(graph, (node) => {
    const replacement = options.skip?.includes(node.name) ? null : replace(node);
    if (replacement === null) return null;
    const { name, operator, outputs } = node;
    const { weightName, sums } = replacement;
    layers.push({ name, operator, output: outputs[0] ?? "", weightName, weightError: signalErrorOf(sums) });
    return replacement;
  });
  if (layers.length === 0) {
    const message = `None of the graph's ${graph.nodes.length} nodes multiplies by a float32 matrix stored with it, or all of them are skipped. Choose another model.`;
    throw new CompressionError("nothing-to-quantize", message, { facts: { nodesCount: graph.nodes.length } });
  }
  return { graph: quantized, layers };
}
