import type { ByteWriter } from "./byteWriter.ts";
import { byteWriter, extend } from "./byteWriter.ts";
import { ModelError } from "./errors.ts";
import type { GgufEntry, GgufNumberType, GgufScalar, GgufType, StoredEntry, TensorSpec } from "./gguf.ts";
import { alignmentKey, alignmentOf, alignUp, ggufMagic, ggufTypes, valueOf } from "./gguf.ts";
import { fits, scalarCodecs } from "./scalar.ts";
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

function checkValues({ key, type, value, items }: GgufEntry): void {
  const values: readonly unknown[] = items ?? [value];
  const at = values.findIndex((one) => !fits(type, one));
  if (at === -1) return;
  const found = `The key ${key} is to hold ${String(values[at])}, which is no ${type}`;
  const message = `${found}. Pass a value of that type, or another type.`;
  throw new ModelError("bad-spec", message, { facts: { key, type, value: values[at] } });
}

function putStored(writer: ByteWriter, { encoded }: StoredEntry): void {
  const at = extend(writer, encoded.length);
  encoded.copy(writer.buffer, at);
}

function putEntry(writer: ByteWriter, entry: GgufEntry | StoredEntry): void {
  putText(writer, entry.key);
  if ("encoded" in entry) {
    putStored(writer, entry);
    return;
  }
  checkValues(entry);
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
 * Where tensors begin in a file with these keys: multiples of this.
 * @throws {ModelError} `bad-spec`
 */
export function chosenAlignmentOf(entries: readonly (GgufEntry | StoredEntry)[]): number {
  const value = valueOf(entries, alignmentKey);
  const alignmentBytes = alignmentOf(value);
  if (alignmentBytes !== null) return alignmentBytes;
  const message = `${alignmentKey} is ${JSON.stringify(value)}. Pass a power of two.`;
  throw new ModelError("bad-spec", message, { facts: { value } });
}

/**
 * The beginning of a GGUF file up to its first weight: tensors follow in the order given, each padded to the alignment.
 * @throws {ModelError} `bad-spec` when a value is not of its type
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function formatHeader(entries: readonly (GgufEntry | StoredEntry)[], tensors: readonly TensorSpec[]): Buffer {
  const alignmentBytes = chosenAlignmentOf(entries);
  const writer = byteWriter();
  writer.buffer.write(ggufMagic, extend(writer, ggufMagic.length));
  putNumber(writer, "uint32", version);
  putLength(writer, tensors.length);
  putLength(writer, entries.length);
  for (const entry of entries) putEntry(writer, entry);
  let offsetBytes = 0;
  for (const tensor of tensors) {
    putTensor(writer, tensor, offsetBytes);
    offsetBytes += alignUp(tensorBytesOf(tensor), alignmentBytes);
  }
  extend(writer, alignUp(writer.length, alignmentBytes) - writer.length);
  return writer.buffer.subarray(0, writer.length);
}
