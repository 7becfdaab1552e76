import type { FileHandle } from "node:fs/promises";
import { open, stat } from "node:fs/promises";
import { OnnxError } from "./errors.ts";

/** Node reads no more at once. */
const mostReadBytes = 2 ** 30;

/** A part of a file. */
export interface FileRange {
  readonly offsetBytes: number;
  readonly bytes: number;
}

/**
 * The bytes of a file.
 * @throws {OnnxError} `file-unreadable` when there is no file
 */
export async function readFileBytes(path: string): Promise<number> {
  const found = await stat(path);
  // Opening a pipe would wait for its writer for ever.
  if (found.isFile()) return found.size;
  throw new OnnxError("file-unreadable", "This is not a file. Pass the path of an ONNX file.");
}

async function readRange(handle: FileHandle, { offsetBytes, bytes }: FileRange): Promise<Uint8Array> {
  const buffer = new Uint8Array(bytes);
  let done = 0;
  while (done < bytes) {
    const { bytesRead } = await handle.read(buffer, done, Math.min(mostReadBytes, bytes - done), offsetBytes + done);
    if (bytesRead === 0) {
      throw new OnnxError("truncated", "The file became shorter while it was read. Try again when it is whole.");
    }
    done += bytesRead;
  }
  return buffer;
}

/**
 * Reads parts of a file, which lie within it.
 * @throws {OnnxError} `truncated`
 */
export async function readRanges(path: string, ranges: readonly FileRange[]): Promise<readonly Uint8Array[]> {
  await using handle = await open(path);
  const parts: Uint8Array[] = [];
  for (const range of ranges) parts.push(await readRange(handle, range));
  return parts;
}
