/** ONNX graphs: built, read, written. */
export { createGraphBuilder, type GraphBuilder, type NodeOptions } from "./builder.ts";
export { checkGraph } from "./check.ts";
export { decodeOnnx } from "./decoding.ts";
export { elementBytes, elementTypeIds, elementTypes, type ElementType } from "./elementType.ts";
export { encodeOnnx } from "./encoding.ts";
export { OnnxError, type OnnxErrorCode } from "./errors.ts";
export type { Attribute, OnnxGraph, OnnxNode, ValueInfo } from "./graph.ts";
export { readOnnx } from "./reading.ts";
export { elementsCountOf, float32Of, type Tensor, tensorBytesOf, tensorOf } from "./tensor.ts";
export { writeOnnx, type OnnxFiles, type OnnxWriting } from "./writing.ts";
