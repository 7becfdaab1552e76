import { open, stat } from "node:fs/promises";
import type { ErrorFacts } from "../errors.ts";
import { ModelError } from "./errors.ts";
import { unreadable } from "./file.ts";

/** The number formats of safetensors files with the bytes of each number. */
const numberBytes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

/** The number format of a tensor in a safetensors file. */
export type SafetensorsType = keyof typeof numberBytes;

/** One tensor of a safetensors file. */
export interface SafetensorsTensor {
  readonly name: string;
  readonly type: SafetensorsType;
  /** Outermost first, as the file states them. */
  readonly dimensions: readonly number[];
  /** From the beginning of the file. */
  readonly offsetBytes: number;
  readonly bytes: number;
}

/** What a safetensors file holds, read from its header. */
export interface SafetensorsFile {
  readonly path: string;
  readonly fileBytes: number;
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of their bytes, which have no gaps. */
  readonly tensors: readonly SafetensorsTensor[];
}

const lengthBytes = 8;

/** The format allows no more. */
const mostHeaderBytes = 100_000_000;

function refused(path: string, found: string, facts: ErrorFacts = {}): ModelError {
  const message = `${path}: ${found}. The file is no safetensors file, or damaged: fetch it again.`;
  return new ModelError("not-safetensors", message, { facts: { path, ...facts } });
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
}

function parseHeader(path: string, text: string): Fields {
  try {
    const header: unknown = JSON.parse(text);
    if (isObject(header)) return header;
  } catch {
    // Told below.
  }
  throw refused(path, "its header is no JSON object");
}

function isType(value: unknown): value is SafetensorsType {
  return typeof value === "string" && Object.hasOwn(numberBytes, value);
}

function tensorOf(path: string, [name, value]: readonly [string, unknown], dataOffsetBytes: number): SafetensorsTensor {
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
  if (!isType(dtype)) throw refused(path, `tensor ${name} is of type ${JSON.stringify(dtype)}`, { name });
  if (!areCounts(shape) || !areCounts(offsets) || offsets.length !== 2) {
    throw refused(path, `tensor ${name} states no sizes, or not where it lies`, { name });
  }
  const [begin = 0, end = 0] = offsets;
  const neededBytes = shape.reduce((product, size) => product * size, numberBytes[dtype]);
  if (end - begin !== neededBytes) {
    throw refused(path, `tensor ${name} needs ${neededBytes} bytes and has ${end - begin}`, { name, neededBytes });
  }
  return { name, type: dtype, dimensions: shape, offsetBytes: dataOffsetBytes + begin, bytes: neededBytes };
}

/** Tensors must follow each other from the header to the end of the file. */
function checkLayout(path: string, tensors: readonly SafetensorsTensor[], span: { from: number; to: number }): void {
  let { from } = span;
  for (const { name, offsetBytes, bytes } of tensors) {
    if (offsetBytes !== from)
      throw refused(path, `tensor ${name} begins at byte ${offsetBytes}, not at ${from}`, { name });
    from += bytes;
  }
  if (from === span.to) return;
  const message = `${path}: its tensors end at byte ${from}, and the file at byte ${span.to}. It is cut off or damaged: fetch it again.`;
  throw new ModelError("truncated", message, { facts: { path, neededBytes: from, fileBytes: span.to } });
}

async function readHeaderText(path: string, fileBytes: number): Promise<{ text: string; dataOffsetBytes: number }> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(lengthBytes), 0, lengthBytes, 0);
  if (bytesRead < lengthBytes) throw refused(path, `it has ${bytesRead} bytes`);
  const headerBytes = Number(buffer.readBigUInt64LE(0));
  if (headerBytes > Math.min(mostHeaderBytes, fileBytes - lengthBytes)) {
    const found = `its header would have ${headerBytes} bytes, and ${mostHeaderBytes} is the most, of ${fileBytes} in the file`;
    throw refused(path, found, { headerBytes, fileBytes });
  }
  const header = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, lengthBytes);
  return { text: header.buffer.toString("utf8"), dataOffsetBytes: lengthBytes + headerBytes };
}

/**
 * Reads what a safetensors file holds; no length in it is believed before it is checked.
 * @throws {ModelError} `unreadable`, `not-safetensors` or `truncated`
 * @see https://github.com/huggingface/safetensors#format
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw refused(path, "it is not a file");
    const { text, dataOffsetBytes } = await readHeaderText(path, found.size);
    const { __metadata__: stated = {}, ...entries } = parseHeader(path, text);
    const tensors = Object.entries(entries)
      .map((entry) => tensorOf(path, entry, dataOffsetBytes))
      .sort((left, right) => left.offsetBytes - right.offsetBytes || left.bytes - right.bytes);
    checkLayout(path, tensors, { from: dataOffsetBytes, to: found.size });
    const metadata = isObject(stated)
      ? Object.entries(stated).map(([key, value]) => [key, String(value)] as const)
      : [];
    return { path, fileBytes: found.size, metadata: new Map(metadata), tensors };
  } catch (error) {
    throw error instanceof ModelError ? error : unreadable(path, error);
  }
}
