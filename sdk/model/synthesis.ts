import { existsSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { formatQuantity } from "../units/index.ts";
import { ModelError } from "./errors.ts";
import { tensorSpecsOf } from "./layout.ts";
import type { Model } from "./model.ts";
import { PartialFile, removeStalePartials } from "./partialFile.ts";
import type { SynthesisPlan, SynthesisSpec } from "./plan.ts";
import { headerOf, planSynthesis, probeFreeBytes } from "./plan.ts";
import { readModel } from "./reading.ts";
import { weightsOf } from "./weights.ts";

/** How far the writing of a model has come. */
export interface SynthesisProgress {
  readonly phase: "planned" | "writing" | "flushing" | "finished" | "reused";
  readonly writtenBytes: number;
  readonly totalBytes: number;
}

/** A synthetic model to be written, and how to stop it and watch it. */
export interface SynthesisRequest extends SynthesisSpec {
  /** Writes the file anew even when it is there already. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SynthesisProgress) => void;
}

/** The room that must be left on the disk beside the file. */
const spareRatio = 0.05;

async function checkSpace({ path, fileBytes }: SynthesisPlan): Promise<void> {
  const freeBytes = await probeFreeBytes(dirname(path));
  const neededBytes = Math.ceil(fileBytes * (1 + spareRatio));
  if (neededBytes <= freeBytes) return;
  const needed = formatQuantity(neededBytes, "neededBytes");
  const free = formatQuantity(freeBytes, "freeBytes");
  throw new ModelError(
    "not-enough-space",
    `${path} needs ${needed}, and its disk has ${free} free. Free some, choose another folder, or a smaller model or depth.`,
    { facts: { path, neededBytes, freeBytes } },
  );
}

/** Whether the file is there, to the byte of its header; a file that is not ours to replace is an error. */
async function isThere({ path, fileBytes }: SynthesisPlan, header: Buffer): Promise<boolean> {
  if (!existsSync(path)) return false;
  const found = await readModel(path).catch(() => null);
  if (found?.synthetic !== true) {
    const message = `${path} holds something other than a synthetic model. Choose another path.`;
    throw new ModelError("path-taken", message, { facts: { path } });
  }
  await using handle = await open(path);
  const { buffer } = await handle.read(Buffer.alloc(header.length), 0, header.length, 0);
  return found.fileBytes === fileBytes && buffer.equals(header);
}

/** The error of the file system as one of this layer; any other error as it is. */
function writingError(error: unknown, { path, fileBytes }: SynthesisPlan): unknown {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return error;
  const details = { facts: { path, fileBytes, errno: error.code }, cause: error };
  if (error.code === "ENOSPC" || error.code === "EDQUOT") {
    const size = formatQuantity(fileBytes, "fileBytes");
    const message = `The disk became full before ${path} had its ${size}; nothing was left behind. Free some space.`;
    return new ModelError("disk-full", message, details);
  }
  const message = `${path} cannot be written: ${error.message}. Choose another folder.`;
  return new ModelError("unwritable-folder", message, details);
}

function checkAborted(signal: AbortSignal | undefined, path: string): void {
  if (signal?.aborted !== true) return;
  const message = `The writing of ${path} was stopped; nothing was left behind. Call again to have it.`;
  throw new ModelError("aborted", message, { facts: { path }, cause: signal.reason });
}

async function write(plan: SynthesisPlan, header: Buffer, { signal, onProgress }: SynthesisRequest): Promise<void> {
  const tell = (phase: SynthesisProgress["phase"], writtenBytes: number) =>
    onProgress?.({ phase, writtenBytes, totalBytes: plan.fileBytes });
  tell("planned", 0);
  await using file = await PartialFile.create(plan.path);
  await file.append(header);
  let writtenBytes = header.length;
  for (const chunk of weightsOf(tensorSpecsOf(plan), plan.randomSeed)) {
    checkAborted(signal, plan.path);
    await file.append(chunk);
    writtenBytes += chunk.length;
    tell("writing", writtenBytes);
  }
  tell("flushing", writtenBytes);
  await file.finish();
  tell("finished", writtenBytes);
}

/** Creates a folder and those above it. The recursive mkdir of Node 20 never ends where the kernel allows no folders. */
async function provideFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await provideFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    // Another process may have been quicker.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Writes the planned file unless it is there. */
async function provide(plan: SynthesisPlan, request: SynthesisRequest): Promise<void> {
  const folder = dirname(plan.path);
  await provideFolder(folder);
  await removeStalePartials(folder);
  const header = headerOf(plan);
  const isReusable = await isThere(plan, header);
  if (isReusable && request.force !== true) {
    request.onProgress?.({ phase: "reused", writtenBytes: 0, totalBytes: plan.fileBytes });
    return;
  }
  await checkSpace(plan);
  await write(plan, header, request);
}

/**
 * Writes a model of a true architecture with random weights, and reads it back: its speed and memory are real, its text is
 * noise. The same request gives the same bytes, so a file that is there already is used again.
 * @throws {ModelError} as `planSynthesis`; `not-enough-space`, `disk-full`, `unwritable-folder`, `path-taken`,
 * `already-writing` or `aborted`, and then nothing is left behind
 */
export async function synthesizeModel(request: SynthesisRequest): Promise<Model> {
  const plan = await planSynthesis(request);
  checkAborted(request.signal, plan.path);
  try {
    await provide(plan, request);
  } catch (error) {
    throw writingError(error, plan);
  }
  return readModel(plan.path);
}
