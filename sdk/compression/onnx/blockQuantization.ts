import { type OnnxGraph, type Tensor, tensorOf } from "../../onnx/index.ts";
import { type BlockFormat, type BlockMatrix, blockMatrixOf } from "./blocks.ts";
import { CompressionError } from "../errors.ts";
import { indexGraph } from "./graphIndex.ts";
import { type LinearLayer, linearLayerOf, matrixOf, transposedOf } from "./linearLayer.ts";
import { type LayerReplacement, type QuantizationOptions, type QuantizedGraph, quantizeNodes } from "./quantized.ts";
import { nodeOf } from "./replacement.ts";

/** How weights are stored in blocks. */
export interface BlockQuantizationOptions extends QuantizationOptions, Partial<BlockFormat> {
  /** What the inputs may become inside the kernel: 1 is float32, 4 is int8, which is the fastest. Default 4. */
  readonly accuracyLevel?: 1 | 4;
}

/** The block sizes that onnxruntime's kernel takes. */
export const blockSizes: readonly number[] = [16, 32, 64, 128, 256];

function formatOf({ bits = 4, blockSize = 32, isSymmetric = true }: BlockQuantizationOptions): BlockFormat {
  if (blockSizes.includes(blockSize)) return { bits, blockSize, isSymmetric };
  const message = `The block size is ${blockSize}; needed one of ${blockSizes.join(", ")}. Pass one of these.`;
  throw new CompressionError("bad-setting", message, { facts: { blockSize } });
}

function weightsOf(name: string, { packed, scales, zeroPoints }: BlockMatrix, dimensions: readonly number[]): Tensor[] {
  const stored = [tensorOf(`${name}:blocks`, packed, dimensions), tensorOf(`${name}:scales`, scales)];
  return zeroPoints === null ? stored : [...stored, tensorOf(`${name}:zeroPoints`, zeroPoints)];
}

function replacementOf(layer: LinearLayer, format: BlockFormat, accuracyLevel: number): LayerReplacement {
  const { input, output, bias, weight } = layer;
  const matrix = transposedOf(matrixOf(layer));
  const { rowsCount, columnsCount } = matrix;
  const blocks = blockMatrixOf(matrix, format);
  const blockBytes = (format.blockSize * format.bits) / 8;
  const weights = weightsOf(weight.name, blocks, [rowsCount, blocks.blocksInRowCount, blockBytes]);
  const attributes = {
    K: { int: columnsCount },
    N: { int: rowsCount },
    bits: { int: format.bits },
    block_size: { int: format.blockSize },
    accuracy_level: { int: accuracyLevel },
  };
  const product = bias === null ? output : `${output}:product`;
  const inputs = [input, ...weights.map(({ name }) => name)];
  const node = nodeOf("MatMulNBits", inputs, { outputs: [product], domain: "com.microsoft", attributes });
  const nodes = bias === null ? [node] : [node, nodeOf("Add", [product, bias], { outputs: [output] })];
  return { nodes, weights, weightName: weight.name, sums: blocks.sums };
}

/**
 * The graph with weights in blocks of 4 or 8 bits; inputs and outputs of layers stay float32. The kernel takes blocks of at
 * most 256: one scale for a whole column of int8, as `quantizeDynamic` stores it, is not to be had for weights alone.
 * @throws {CompressionError} `bad-setting`, `already-quantized`, `operator-set-too-old`, `nothing-to-quantize`, `weights-not-finite`
 */
export function quantizeBlocks(graph: OnnxGraph, options: BlockQuantizationOptions = {}): QuantizedGraph {
  const format = formatOf(options);
  const { accuracyLevel = 4 } = options;
  const { weights } = indexGraph(graph);
  const operatorSets = { ...graph.operatorSets, "com.microsoft": 1 };
  return quantizeNodes({ ...graph, operatorSets }, options, (node) => {
    const layer = linearLayerOf(node, weights);
    return layer === null ? null : replacementOf(layer, format, accuracyLevel);
  });
}
