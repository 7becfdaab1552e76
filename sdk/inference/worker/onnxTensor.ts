import { Tensor as Value } from "onnxruntime-node";
import type { Tensor, ElementType } from "../../onnx/index.ts";
import { EngineError } from "../errors.ts";

/** What onnxruntime-node holds the elements of each type in. */
const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const;

const isKnown = (type: ElementType): type is keyof typeof arrays => Object.hasOwn(arrays, type);

/**
 * A tensor as onnxruntime takes it; its elements are copied only where they do not lie as the processor needs them.
 * @throws {EngineError} `not-supported` for a type that onnxruntime-node does not pass on
 */
export function valueOf({ name, type, dimensions, data }: Tensor): Value {
  if (!isKnown(type)) {
    const message = `${name} is ${type}, which onnxruntime-node does not take. Give the graph an input of another type.`;
    throw new EngineError("not-supported", message, { facts: { name, type } });
  }
  const array = arrays[type];
  const { buffer, byteOffset, byteLength } = data.byteOffset % array.BYTES_PER_ELEMENT === 0 ? data : data.slice();
  const elements = new array(buffer as ArrayBuffer, byteOffset, byteLength / array.BYTES_PER_ELEMENT);
  return new Value(type as "float32", elements as Float32Array<ArrayBuffer>, dimensions);
}

/** What onnxruntime gave, as a tensor of ours over the same memory. */
export function tensorOfValue(name: string, value: Value): Tensor {
  const { buffer, byteOffset, byteLength } = value.data as Float32Array;
  return {
    name,
    type: value.type as ElementType,
    dimensions: value.dims,
    data: new Uint8Array(buffer, byteOffset, byteLength),
  };
}
