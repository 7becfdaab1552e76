import type { OnnxGraph } from "../../onnx/index.ts";
import { indexGraph } from "./graphIndex.ts";
import { type QuantizationOptions, type QuantizedGraph, quantizeNodes } from "./quantized.ts";
import type { Range } from "./range.ts";
import { quantizeStaticLayer, staticLayerOf } from "./staticLayer.ts";
import { rangeOfValue, restoredName, stepOf, storedValuesOf, storeValues } from "./storedValue.ts";

/** The names of the values whose ranges static quantization needs. */
export function valuesToCalibrate(graph: OnnxGraph, { skip = [] }: QuantizationOptions = {}): readonly string[] {
  const { given, read, rangeOf } = storedValuesOf(graph, skip);
  return [...new Set([...given, ...read])].filter((value) => !rangeOf.has(value));
}

/**
 * The graph with int8 weights and with values stored as uint8 in ranges found beforehand, which `calibrate` gives:
 * convolutions and what lies between them compute in whole numbers throughout, other layers give float32.
 * @throws {CompressionError} `already-quantized`, `operator-set-too-old`, `nothing-to-quantize`, `weights-not-finite`, and
 * `bad-samples` when a range is missing
 * @see https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html
 */
export function quantizeStatic(
  graph: OnnxGraph,
  ranges: ReadonlyMap<string, Range>,
  options: QuantizationOptions = {},
): QuantizedGraph {
  const { weights } = indexGraph(graph);
  const stored = storedValuesOf(graph, options.skip ?? []);
  const quantized = quantizeNodes(graph, options, (node) => {
    const layer = staticLayerOf(node, weights);
    if (layer === null) return null;
    const [input = ""] = node.inputs;
    const scale = stepOf(rangeOfValue(input, stored, ranges));
    const quantizedLayer = quantizeStaticLayer(layer, { name: restoredName(input), scale });
    return { ...quantizedLayer, weightName: layer.weight.name };
  });
  return { ...quantized, graph: storeValues(quantized.graph, stored, ranges) };
}
