import { open, stat } from "node:fs/promises";
import { ModelError } from "./errors.ts";
import type { GgufHeader } from "./gguf.ts";
import { readHeader } from "./header.ts";
import { few, type Kept } from "./metadata.ts";

/** The header of one file, with its size. */
export interface FileHeader extends GgufHeader {
  readonly path: string;
  readonly fileBytes: number;
}

async function readOpened(path: string, kept: Kept): Promise<FileHeader> {
  const found = await stat(path);
  // Opening a pipe would wait for its writer for ever.
  if (!found.isFile()) {
    throw new ModelError("unreadable", `${path} is not a file. Pass the path of a GGUF file.`, { facts: { path } });
  }
  await using handle = await open(path);
  const read = async (offset: number, count: number) => {
    const buffer = Buffer.allocUnsafe(Math.min(count, found.size - offset));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    return buffer.subarray(0, bytesRead);
  };
  return { path, fileBytes: found.size, ...(await readHeader({ bytes: found.size, read }, kept)) };
}

/** The error with the file it is about. */
function aboutFile(error: ModelError, path: string): ModelError {
  return new ModelError(error.code, `${path}: ${error.message}`, { facts: { path, ...error.facts }, cause: error });
}

/** The error of a file that the file system does not give. */
export function unreadable(path: string, error: unknown): ModelError {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${path} cannot be read: ${reason}. Check the path and its permissions.`;
  return new ModelError("unreadable", message, { facts: { path }, cause: error });
}

/**
 * Reads the header of a file.
 * @throws {ModelError} as `readHeader`, and `unreadable` when the file cannot be opened
 */
export async function readFileHeader(path: string, kept: Kept = few): Promise<FileHeader> {
  try {
    return await readOpened(path, kept);
  } catch (error) {
    if (!(error instanceof ModelError)) throw unreadable(path, error);
    throw error.code === "unreadable" ? error : aboutFile(error, path);
  }
}
