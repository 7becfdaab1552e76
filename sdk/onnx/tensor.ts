import { elementBytes, type ElementType } from "./elementType.ts";
import { OnnxError } from "./errors.ts";

/** A tensor with its values: a weight, or a constant. */
export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  /** Outermost first; none for a single value. */
  readonly dimensions: readonly number[];
  /** The elements, outermost first, in little-endian order. */
  readonly data: Uint8Array;
}

/** The number of elements of these dimensions. */
export function elementsCountOf(dimensions: readonly number[]): number {
  return dimensions.reduce((product, size) => product * size, 1);
}

/**
 * A tensor of `values`, which are not copied.
 * @throws {OnnxError} `shape-mismatch` when there are more or fewer values than the dimensions say
 */
export function tensorOf(
  name: string,
  values: Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array,
  dimensions: readonly number[] = [values.length],
): Tensor {
  const type = typeOfValues(values);
  if (values.length !== elementsCountOf(dimensions)) {
    const message = `The tensor ${name} has ${values.length} values and the dimensions [${dimensions.join(", ")}]. Pass as many values as these make.`;
    throw new OnnxError("shape-mismatch", message, { facts: { name, valuesCount: values.length, dimensions } });
  }
  return { name, type, dimensions, data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

function typeOfValues(values: Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array): ElementType {
  if (values instanceof Float32Array) return "float32";
  if (values instanceof Int8Array) return "int8";
  if (values instanceof Uint8Array) return "uint8";
  return values instanceof Int32Array ? "int32" : "int64";
}

/**
 * The elements of a float32 tensor, copied only where its bytes do not lie on a multiple of four.
 * @throws {OnnxError} `type-mismatch` for another element type
 */
export function float32Of({ name, type, data }: Tensor): Float32Array {
  if (type !== "float32") {
    const message = `The tensor ${name} is ${type}; needed float32. Choose a model with float32 weights.`;
    throw new OnnxError("type-mismatch", message, { facts: { name, type } });
  }
  const aligned = data.byteOffset % 4 === 0 ? data : new Uint8Array(data);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

/** The bytes that a tensor of this type and these dimensions takes. */
export function tensorBytesOf(type: ElementType, dimensions: readonly number[]): number {
  return elementsCountOf(dimensions) * (elementBytes.get(type) ?? 0);
}
