import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { formatQuantity } from "../units/index.ts";
import { ModelError } from "./errors.ts";
import { PartialFile, removeStalePartials } from "./partialFile.ts";
import { probeFreeBytes } from "./plan.ts";

/** A model file to be written: where, how large, and what stops it. */
export interface Writing {
  readonly path: string;
  readonly fileBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** The room that must be left on the disk beside the file. */
const spareRatio = 0.05;

/**
 * Nothing when the disk has room for a file.
 * @throws {ModelError} `not-enough-space`
 */
export async function assertRoom({ path, fileBytes }: Writing): Promise<void> {
  const freeBytes = await probeFreeBytes(dirname(path));
  const neededBytes = Math.ceil(fileBytes * (1 + spareRatio));
  if (neededBytes <= freeBytes) return;
  const needed = formatQuantity(neededBytes, "neededBytes");
  const free = formatQuantity(freeBytes, "freeBytes");
  throw new ModelError(
    "not-enough-space",
    `${path} needs ${needed}, and its disk has ${free} free. Free some, choose another folder, or make a smaller file.`,
    { facts: { path, neededBytes, freeBytes } },
  );
}

/** The error of a disk that became full. */
export function diskFull({ path, fileBytes }: Writing, cause: unknown): ModelError {
  const size = formatQuantity(fileBytes, "fileBytes");
  const message = `The disk became full before ${path} had its ${size}; nothing was left behind. Free some space.`;
  return new ModelError("disk-full", message, { facts: { path, fileBytes }, cause });
}

/** The error of the file system as one of this layer; any other error as it is. */
export function writingError(error: unknown, writing: Writing): unknown {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return error;
  if (error.code === "ENOSPC" || error.code === "EDQUOT") return diskFull(writing, error);
  const { path, fileBytes } = writing;
  const message = `${path} cannot be written: ${error.message}. Choose another folder.`;
  return new ModelError("unwritable-folder", message, { facts: { path, fileBytes, errno: error.code }, cause: error });
}

/**
 * Nothing while the writing of a file may go on.
 * @throws {ModelError} `aborted`
 */
export function assertGoesOn(signal: AbortSignal | undefined, path: string): void {
  if (signal?.aborted !== true) return;
  const message = `The writing of ${path} was stopped; nothing was left behind. Call again to have it.`;
  throw new ModelError("aborted", message, { facts: { path }, cause: signal.reason });
}

/** Creates a folder and those above it. The recursive mkdir of Node 20 never ends where the kernel allows no folders. */
export async function provideFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await provideFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    // Another process may have been quicker.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/**
 * Has a model file written, which appears under its name when it is whole.
 * @throws {ModelError} `not-enough-space`, `disk-full`, `unwritable-folder`, `already-writing` or `aborted`, and what
 * `write` throws; then nothing is left behind
 */
export async function writeModelFile(writing: Writing, write: (file: PartialFile) => Promise<void>): Promise<void> {
  const { path, signal } = writing;
  try {
    await provideFolder(dirname(path));
    await removeStalePartials(dirname(path));
    await assertRoom(writing);
    await using file = await PartialFile.create(path);
    await write(file);
    assertGoesOn(signal, path);
    await file.finish();
  } catch (error) {
    throw writingError(error, writing);
  }
}
