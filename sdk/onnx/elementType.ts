/** What a tensor's elements are, with the number that ONNX gives each kind and the bytes that one takes. */
const rows = [
  ["float32", 1, 4],
  ["uint8", 2, 1],
  ["int8", 3, 1],
  ["uint16", 4, 2],
  ["int16", 5, 2],
  ["int32", 6, 4],
  ["int64", 7, 8],
  ["bool", 9, 1],
  ["float16", 10, 2],
  ["float64", 11, 8],
  ["uint32", 12, 4],
  ["uint64", 13, 8],
  ["bfloat16", 16, 2],
] as const;

/** The name of what a tensor's elements are, as numalab writes it. */
export type ElementType = (typeof rows)[number][0];

/**
 * The number of an element type in a file.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto TensorProto.DataType
 */
export const elementTypeIds: ReadonlyMap<ElementType, number> = new Map(rows.map(([name, id]) => [name, id]));

/** An element type by its number in a file; absent where numalab does not know it. */
export const elementTypes: ReadonlyMap<number, ElementType> = new Map(rows.map(([name, id]) => [id, name]));

/** The bytes that one element takes. */
export const elementBytes: ReadonlyMap<ElementType, number> = new Map(rows.map(([name, , bytes]) => [name, bytes]));
