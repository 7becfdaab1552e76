/** ONNX graphs: built, read, written. */
export { createGraphBuilder, type GraphBuilder, type NodeOptions } from "./builder.ts";
export { checkGraph } from "./check.ts";
export { buildConvolutionNet, type ConvolutionShape, type ConvolutionSpec } from "./convolutionNet.ts";
export { buildDecoder, type DecoderSpec } from "./decoder.ts";
export { decodeOnnx } from "./decoding.ts";
export { elementBytes, elementTypeIds, elementTypes, type ElementType } from "./elementType.ts";
export { buildEncoder, type EncoderShape, type EncoderSpec } from "./encoder.ts";
export type { OpenSizes } from "./dimensions.ts";
export { consumersOf, sorted, withoutUnused, withWeights } from "./editing.ts";
export { encodeOnnx } from "./encoding.ts";
export { OnnxError, type OnnxErrorCode } from "./errors.ts";
export { factsOf, operationsOf, type OnnxFacts, type Operations } from "./facts.ts";
export type { Attribute, OnnxGraph, OnnxNode, ValueInfo } from "./graph.ts";
export { buildPreset, onnxPresets, type PresetSpec } from "./preset.ts";
export { checkOnnx, inspectOnnx, readOnnx } from "./reading.ts";
export { elementsCountOf, float32Of, type Tensor, tensorBytesOf, tensorOf } from "./tensor.ts";
export { writeOnnx, type OnnxFiles, type OnnxWriting } from "./writing.ts";
