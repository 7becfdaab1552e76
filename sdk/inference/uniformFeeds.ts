import { elementBytes, type OpenSizes, type Tensor, tensorBytesOf, type ValueInfo } from "../onnx/index.ts";
import { EngineError } from "./errors.ts";

/** The bytes of the number one, where they are not those of the integer. */
const floatOnes: Readonly<Record<string, readonly number[]>> = {
  float16: [0x00, 0x3c],
  bfloat16: [0x80, 0x3f],
  float32: [0x00, 0x00, 0x80, 0x3f],
  float64: [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0x3f],
};

function sizeOf(dimension: number | string, input: ValueInfo, sizes: OpenSizes): number {
  const size = typeof dimension === "number" ? dimension : sizes[dimension];
  if (size !== undefined) return size;
  const message = `The input ${input.name} is [${input.dimensions.join(", ")}], and no size of ${dimension} was given. Give one.`;
  throw new EngineError("invalid-request", message, { facts: { name: input.name, dimension } });
}

function feedOf(input: ValueInfo, sizes: OpenSizes): Tensor {
  const { name, type } = input;
  const dimensions = input.dimensions.map((dimension) => sizeOf(dimension, input, sizes));
  const one = Buffer.alloc(elementBytes.get(type) ?? 1);
  one.set(floatOnes[type] ?? [1]);
  return { name, type, dimensions, data: new Uint8Array(Buffer.alloc(tensorBytesOf(type, dimensions), one)) };
}

/**
 * Inputs for runs that are only timed: all numbers are one, which masks, tokens, positions and images can be.
 * @throws {EngineError} `invalid-request` for an open dimension without a size
 */
export function uniformFeeds(inputs: readonly ValueInfo[], sizes: OpenSizes): Tensor[] {
  return inputs.map((input) => feedOf(input, sizes));
}
