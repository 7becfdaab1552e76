import { corruptHeader, ModelError } from "./errors.ts";

/** Bytes that can be read in pieces: a file, or a buffer in a test. */
export interface ByteSource {
  readonly bytes: number;
  /** Reads from an offset; fewer bytes than asked only at the end. */
  readonly read: (offset: number, count: number) => Promise<Buffer>;
}

/** A place in a source, with the piece of it that is in memory. */
export interface Cursor {
  readonly source: ByteSource;
  /** From the beginning of the source. */
  offset: number;
  window: Buffer;
  windowOffset: number;
}

const windowBytes = 2 ** 20;

/** Far above any real file, whose headers stay below 32 MiB: what is longer is a damaged length. */
const limits = { headerBytes: 2 ** 28, nameBytes: 65_535, entriesCount: 100_000 };

/** A cursor at the beginning of a source. */
export function cursorOf(source: ByteSource): Cursor {
  return { source, offset: 0, window: Buffer.alloc(0), windowOffset: 0 };
}

/** Refuses a length that leads beyond the file, before anything is allocated for it. */
function checkRoom(cursor: Cursor, count: number): void {
  const headerBytes = cursor.offset + count;
  const { bytes: fileBytes } = cursor.source;
  if (headerBytes > fileBytes) {
    const found = `The header reaches to byte ${headerBytes}, but the file ends at byte ${fileBytes}`;
    const message = `${found}. It is cut off or damaged: fetch it again.`;
    throw new ModelError("truncated", message, { facts: { headerBytes, fileBytes } });
  }
  if (headerBytes > limits.headerBytes) {
    throw corruptHeader(`The header reaches to byte ${headerBytes}, and ${limits.headerBytes} is the most`);
  }
}

/** Steps over the next bytes without reading them. */
export function skip(cursor: Cursor, count: number): void {
  checkRoom(cursor, count);
  cursor.offset += count;
}

/** Whether the next bytes are in memory already. */
function isAtHand(cursor: Cursor, count: number): boolean {
  return cursor.offset + count <= cursor.windowOffset + cursor.window.length;
}

async function fetchNext(cursor: Cursor, count: number): Promise<void> {
  checkRoom(cursor, count);
  cursor.window = await cursor.source.read(cursor.offset, Math.max(count, windowBytes));
  cursor.windowOffset = cursor.offset;
  if (!isAtHand(cursor, count)) {
    throw new ModelError("truncated", "The file became shorter while it was read. Try again when it is whole.");
  }
}

/** How one value is made from the bytes at a place in the window. */
export type Decode<Value> = (window: Buffer, at: number) => Value;

/**
 * Reads one value of so many bytes.
 * @throws {ModelError} `truncated` or `corrupt-header` when there are not so many
 */
export async function readNext<Value>(cursor: Cursor, count: number, decode: Decode<Value>): Promise<Value> {
  if (!isAtHand(cursor, count)) await fetchNext(cursor, count);
  const at = cursor.offset - cursor.windowOffset;
  cursor.offset += count;
  return decode(cursor.window, at);
}

/** Reads a 32-bit number. */
export function readUint32(cursor: Cursor): Promise<number> {
  return readNext(cursor, 4, (window, at) => window.readUInt32LE(at));
}

/** Reads how many things follow; inexact only above 2^53, which is beyond any file. */
export function readLength(cursor: Cursor): Promise<number> {
  return readNext(cursor, 8, (window, at) => window.readUInt32LE(at) + window.readUInt32LE(at + 4) * 2 ** 32);
}

/** Reads a text of so many bytes. */
export function readText(cursor: Cursor, count: number): Promise<string> {
  return readNext(cursor, count, (window, at) => window.toString("utf8", at, at + count));
}

/**
 * Reads the name of a key or tensor.
 * @throws {ModelError} `corrupt-header` when it is longer than names may be
 */
export async function readName(cursor: Cursor): Promise<string> {
  const bytes = await readLength(cursor);
  if (bytes > limits.nameBytes) throw corruptHeader(`A name has ${bytes} bytes, and ${limits.nameBytes} is the most`);
  return readText(cursor, bytes);
}

/**
 * Reads how many entries a table has.
 * @throws {ModelError} `corrupt-header` when they are more than any model has
 */
export async function readCount(cursor: Cursor, what: string): Promise<number> {
  const count = await readLength(cursor);
  if (count <= limits.entriesCount) return count;
  throw corruptHeader(`The header announces ${count} ${what}, and ${limits.entriesCount} is the most`, { count });
}
