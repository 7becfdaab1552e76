import type { ByteWriter } from "./byteWriter.ts";
import { byteWriter, extend } from "./byteWriter.ts";
import type { GgufEntry, GgufNumberType, GgufScalar, GgufType, TensorSpec } from "./gguf.ts";
import { alignUp, ggufMagic, ggufTypes } from "./gguf.ts";
import { scalarCodecs } from "./scalar.ts";
import { tensorBytesOf } from "./tensorType.ts";

const version = 3;

function putNumber(writer: ByteWriter, type: GgufNumberType, value: GgufScalar): void {
  const { bytes, encode } = scalarCodecs[type];
  const at = extend(writer, bytes);
  encode(writer.buffer, at, value);
}

function putLength(writer: ByteWriter, value: number): void {
  putNumber(writer, "uint64", value);
}

function putType(writer: ByteWriter, type: GgufType): void {
  putNumber(writer, "uint32", ggufTypes.indexOf(type));
}

function putText(writer: ByteWriter, text: string): void {
  const bytes = Buffer.byteLength(text);
  putLength(writer, bytes);
  const at = extend(writer, bytes);
  writer.buffer.write(text, at);
}

function putScalar(writer: ByteWriter, type: Exclude<GgufType, "array">, value: GgufScalar): void {
  if (type === "string") putText(writer, String(value));
  else putNumber(writer, type, value);
}

function putEntry(writer: ByteWriter, entry: GgufEntry): void {
  putText(writer, entry.key);
  if (entry.items === undefined) {
    putType(writer, entry.type);
    putScalar(writer, entry.type, entry.value);
    return;
  }
  putType(writer, "array");
  putType(writer, entry.type);
  putLength(writer, entry.items.length);
  for (const item of entry.items) putScalar(writer, entry.type, item);
}

function putTensor(writer: ByteWriter, tensor: TensorSpec, offsetBytes: number): void {
  putText(writer, tensor.name);
  putNumber(writer, "uint32", tensor.dimensions.length);
  for (const size of tensor.dimensions) putLength(writer, size);
  putNumber(writer, "uint32", tensor.type.id);
  putLength(writer, offsetBytes);
}

/**
 * The beginning of a GGUF file up to its first weight: tensors follow in the order given, each padded to the alignment.
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function formatHeader(entries: readonly GgufEntry[], tensors: readonly TensorSpec[]): Buffer {
  const writer = byteWriter();
  writer.buffer.write(ggufMagic, extend(writer, ggufMagic.length));
  putNumber(writer, "uint32", version);
  putLength(writer, tensors.length);
  putLength(writer, entries.length);
  for (const entry of entries) putEntry(writer, entry);
  let offsetBytes = 0;
  for (const tensor of tensors) {
    putTensor(writer, tensor, offsetBytes);
    offsetBytes += alignUp(tensorBytesOf(tensor));
  }
  extend(writer, alignUp(writer.length) - writer.length);
  return writer.buffer.subarray(0, writer.length);
}
