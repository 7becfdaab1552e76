import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { ModelError } from "./errors.ts";
import { tensorSpecsOf } from "./layout.ts";
import type { Model } from "./model.ts";
import type { SynthesisPlan, SynthesisSpec } from "./plan.ts";
import { headerOf, planSynthesis } from "./plan.ts";
import { readModel } from "./reading.ts";
import { weightsOf } from "./weights.ts";
import { assertGoesOn, writeModelFile } from "./writing.ts";

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

async function write(plan: SynthesisPlan, header: Buffer, { signal, onProgress }: SynthesisRequest): Promise<void> {
  const tell = (phase: SynthesisProgress["phase"], writtenBytes: number) =>
    onProgress?.({ phase, writtenBytes, totalBytes: plan.fileBytes });
  const { path, fileBytes } = plan;
  await writeModelFile({ path, fileBytes, signal }, async (file) => {
    tell("planned", 0);
    await file.append(header);
    let writtenBytes = header.length;
    for (const chunk of weightsOf(tensorSpecsOf(plan), plan.randomSeed)) {
      assertGoesOn(signal, path);
      await file.append(chunk);
      writtenBytes += chunk.length;
      tell("writing", writtenBytes);
    }
    tell("flushing", writtenBytes);
  });
  tell("finished", fileBytes);
}

/** Writes the planned file unless it is there. */
async function provide(plan: SynthesisPlan, request: SynthesisRequest): Promise<void> {
  const header = headerOf(plan);
  const isReusable = await isThere(plan, header);
  if (!isReusable || request.force === true) await write(plan, header, request);
  else request.onProgress?.({ phase: "reused", writtenBytes: 0, totalBytes: plan.fileBytes });
}

/**
 * Writes a model of a true architecture with random weights, and reads it back: its speed and memory are real, its text is
 * noise. The same request gives the same bytes, so a file that is there already is used again.
 * @throws {ModelError} as `planSynthesis`; `not-enough-space`, `disk-full`, `unwritable-folder`, `path-taken`,
 * `already-writing` or `aborted`, and then nothing is left behind
 */
export async function synthesizeModel(request: SynthesisRequest): Promise<Model> {
  const plan = await planSynthesis(request);
  assertGoesOn(request.signal, plan.path);
  await provide(plan, request);
  return readModel(plan.path);
}
