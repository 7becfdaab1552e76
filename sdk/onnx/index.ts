/** ONNX graphs: built, read, written. */
export { createGraphBuilder, type GraphBuilder, type NodeOptions } from "./builder.ts";
export { elementBytes, elementTypeIds, elementTypes, type ElementType } from "./elementType.ts";
export { OnnxError, type OnnxErrorCode } from "./errors.ts";
export type { Attribute, OnnxGraph, OnnxNode, ValueInfo } from "./graph.ts";
export { elementsCountOf, float32Of, type Tensor, tensorBytesOf, tensorOf } from "./tensor.ts";
