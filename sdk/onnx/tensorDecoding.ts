import type { ElementType } from "./elementType.ts";
import { elementTypes } from "./elementType.ts";
import type { ExternalPlace } from "./encoding.ts";
import { corruptFile, notSupported } from "./errors.ts";
import type { TensorMessage } from "./schema.ts";
import { externalLocation } from "./schema.ts";
import type { Tensor } from "./tensor.ts";
import { tensorBytesOf } from "./tensor.ts";

/**
 * The element type of a number in a file.
 * @throws {OnnxError} `not-supported`
 */
export function decodeElementType(id: number | undefined, name: string): ElementType {
  const type = elementTypes.get(id ?? 0);
  if (type !== undefined) return type;
  throw notSupported(
    `The elements of ${name} are of type ${id ?? 0}, which is not one of ${[...elementTypes.values()].join(", ")}`,
  );
}

function decodeDimensions({ dimensions }: TensorMessage, name: string): readonly number[] {
  const sizes = dimensions.map(Number);
  const elementsCount = sizes.reduce((product, size) => product * size, 1);
  if (sizes.every((size) => size >= 0) && Number.isSafeInteger(elementsCount * 8)) return sizes;
  throw corruptFile(`The tensor ${name} has the impossible dimensions [${sizes.join(", ")}]`);
}

/** How the elements that are not in `raw` are stored: where, and as which array. */
function listedElementsOf(message: TensorMessage, type: ElementType): ArrayBufferView {
  const { floats, int32s, int64s, doubles, uint64s } = message;
  if (type === "float32") return Float32Array.from(floats);
  if (type === "float64") return Float64Array.from(doubles);
  if (type === "int64") return BigInt64Array.from(int64s);
  if (type === "uint64") return BigUint64Array.from(uint64s);
  if (type === "uint32") return Uint32Array.from(uint64s, Number);
  if (type === "int32") return Int32Array.from(int32s);
  // The others stand in 32 bits each, whatever their size.
  return tensorBytesOf(type, [1]) === 1 ? Uint8Array.from(int32s) : Uint16Array.from(int32s);
}

function decodeBytes(message: TensorMessage, type: ElementType): Uint8Array {
  const { buffer, byteOffset, byteLength } = message.raw ?? listedElementsOf(message, type);
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/**
 * A tensor of a file, whose bytes are none while they lie in another file.
 * @throws {OnnxError} `corrupt-file` or `not-supported`
 */
export function decodeTensor(message: TensorMessage): Tensor {
  const { name = "" } = message;
  const type = decodeElementType(message.type, name);
  const dimensions = decodeDimensions(message, name);
  if (message.location === externalLocation) return { name, type, dimensions, data: new Uint8Array() };
  const data = decodeBytes(message, type);
  const neededBytes = tensorBytesOf(type, dimensions);
  if (data.length === neededBytes) return { name, type, dimensions, data };
  const found = `The tensor ${name} has ${data.length} bytes, and ${type} of [${dimensions.join(", ")}] takes ${neededBytes}`;
  throw corruptFile(found, { name, bytes: data.length, neededBytes });
}

function decodeCount(text: string, key: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count;
  throw corruptFile(`The ${key} of external data is ${JSON.stringify(text.slice(0, 40))}, which is no count of bytes`);
}

/**
 * Where the bytes of a tensor lie; null when they are in the file itself.
 * @throws {OnnxError} `corrupt-file` when the place has not as many bytes as the tensor
 * @see https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
 */
export function decodePlace(message: TensorMessage, { name, type, dimensions }: Tensor): ExternalPlace | null {
  if (message.location !== externalLocation) return null;
  const entries = new Map(message.external.map(({ key, value }) => [key, value]));
  const neededBytes = tensorBytesOf(type, dimensions);
  const bytes = decodeCount(entries.get("length") ?? String(neededBytes), "length");
  const offsetBytes = decodeCount(entries.get("offset") ?? "0", "offset");
  if (bytes === neededBytes) return { location: entries.get("location") ?? "", offsetBytes, bytes };
  const found = `The external data of ${name} has ${bytes} bytes, and ${type} of [${dimensions.join(", ")}] takes ${neededBytes}`;
  throw corruptFile(found, { name, bytes, neededBytes });
}
