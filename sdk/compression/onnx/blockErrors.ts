import type { OnnxGraph } from "../../onnx/index.ts";
import { addSignalSums, type SignalError, signalErrorOf } from "../../stats/index.ts";
import { CompressionError } from "../errors.ts";
import { blockSizes } from "./blockQuantization.ts";
import { type BlockFormat, blockMatrixOf } from "./blocks.ts";
import { indexGraph } from "./graphIndex.ts";
import { linearLayerOf, matrixOf, transposedOf } from "./linearLayer.ts";

/** What a block format costs: a row of a table. */
export interface BlockError extends BlockFormat, SignalError {
  /** With a float32 scale for each block, and a whole number where the format is not symmetric. */
  readonly bitsPerWeight: number;
}

const formats: readonly BlockFormat[] = ([4, 8] as const).flatMap((bits) =>
  blockSizes.flatMap((blockSize) => [true, false].map((isSymmetric) => ({ bits, blockSize, isSymmetric }))),
);

function bitsPerWeightOf({ bits, blockSize, isSymmetric }: BlockFormat): number {
  return bits + (32 + (isSymmetric ? 0 : bits)) / blockSize;
}

/**
 * What each block format of 4 and 8 bits would cost the graph's linear layers: the error of all weights as one, beside the
 * bits that a weight takes. Nothing is run.
 * @throws {CompressionError} `nothing-to-quantize`, `weights-not-finite`
 */
export function blockErrors(graph: OnnxGraph): readonly BlockError[] {
  const { weights } = indexGraph(graph);
  const layers = graph.nodes.flatMap((node) => linearLayerOf(node, weights) ?? []);
  if (layers.length === 0) {
    const message = `None of the graph's ${graph.nodes.length} nodes multiplies by a float32 matrix stored with it. Choose another model.`;
    throw new CompressionError("nothing-to-quantize", message, { facts: { nodesCount: graph.nodes.length } });
  }
  return formats.map((format) => {
    const parts = layers.map((layer) => blockMatrixOf(transposedOf(matrixOf(layer)), format).sums);
    return { ...format, bitsPerWeight: bitsPerWeightOf(format), ...signalErrorOf(addSignalSums(parts)) };
  });
}
