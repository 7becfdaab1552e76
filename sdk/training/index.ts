/** Small nets trained from TypeScript: gradients written as ONNX graphs. */
export {};
