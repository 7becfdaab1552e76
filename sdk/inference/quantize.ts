import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { diskFull, type Model, probeFreeBytes, readModel, writeModelFile } from "../model/index.ts";
import { EngineError } from "./errors.ts";
import type { NativeWorker } from "./nativeTask.ts";
import { quantizationFailed, type QuantizationPlan, withPlan } from "./quantizationPlan.ts";
import type { QuantizationSpec } from "./quantizationTask.ts";
import { parseTensorLine } from "./quantizerLog.ts";

/** How far a quantization has come. */
export interface QuantizationProgress {
  readonly phase: "planned" | "writing" | "flushing" | "finished";
  /** The tensor that was written last; null where none is meant. */
  readonly tensorName: string | null;
  readonly writtenBytes: number;
  readonly totalBytes: number;
}

/** A model to be quantized, and how to stop it and watch it. */
export interface QuantizationRequest extends QuantizationSpec {
  readonly signal?: AbortSignal;
  /** Called once, before anything is written. */
  readonly onPlan?: (plan: QuantizationPlan) => void;
  readonly onProgress?: (progress: QuantizationProgress) => void;
}

type Tell = (phase: QuantizationProgress["phase"], writtenBytes: number, tensorName?: string) => void;

/** Tells of each tensor in the log that it is written. */
function followerOf({ tensors }: QuantizationPlan, tell: Tell): (line: string) => void {
  const bytes = new Map(tensors.map((tensor) => [tensor.name, tensor.bytes]));
  let writtenBytes = 0;
  return (line) => {
    const name = parseTensorLine(line)?.name;
    if (name === undefined) return;
    writtenBytes += bytes.get(name) ?? 0;
    tell("writing", writtenBytes, name);
  };
}

async function failureOf({ path, fileBytes, task }: QuantizationPlan, partialPath: string, log: readonly string[]) {
  const failed = quantizationFailed(task, log);
  const missingBytes = fileBytes - (await stat(partialPath)).size;
  return (await probeFreeBytes(dirname(path))) < missingBytes ? diskFull({ path, fileBytes }, failed) : failed;
}

/** Reads back that the file holds what was planned, whole. */
async function assertAsPlanned({ tensors, path }: QuantizationPlan, partialPath: string): Promise<void> {
  const written = new Map((await readModel(partialPath)).tensors.map((tensor) => [tensor.name, tensor.type]));
  const other = tensors.find(({ name, type }) => written.get(name) !== type);
  if (other === undefined && written.size === tensors.length) return;
  const found = other === undefined ? `${written.size} tensors` : `${other.name} in ${String(written.get(other.name))}`;
  const message = `llama.cpp wrote ${found} instead of what it had planned for ${path}. Try again; nothing was left behind.`;
  throw new EngineError("quantization-failed", message, { facts: { path } });
}

async function write(
  plan: QuantizationPlan,
  quantizer: NativeWorker,
  { signal, onProgress }: QuantizationRequest,
): Promise<void> {
  const { path, fileBytes, task } = plan;
  const tell: Tell = (phase, writtenBytes, tensorName) =>
    onProgress?.({ phase, tensorName: tensorName ?? null, writtenBytes, totalBytes: fileBytes });
  await writeModelFile({ path, fileBytes, signal }, async ({ partialPath }) => {
    tell("planned", 0);
    const log: string[] = [];
    const follow = followerOf(plan, tell);
    const status = await quantizer.run({ ...task, targetPath: partialPath }, (line) => {
      log.push(line);
      follow(line);
    });
    if (status !== 0) throw await failureOf(plan, partialPath, log);
    await assertAsPlanned(plan, partialPath);
    tell("flushing", fileBytes);
  });
  tell("finished", fileBytes);
}

/**
 * Quantizes a model with llama.cpp's own quantizer, in a process of its own: the bytes are those of llama-quantize.
 * @throws {ModelError} as `planQuantization`; `not-enough-space`, `disk-full`, `unwritable-folder` or `already-writing`,
 * and then nothing is left behind
 * @throws {EngineError} as `planQuantization`
 */
export async function quantizeModel(request: QuantizationRequest): Promise<Model> {
  return withPlan(request, {
    signal: request.signal,
    async then(plan, quantizer) {
      request.onPlan?.(plan);
      await write(plan, quantizer, request);
      return readModel(plan.path);
    },
  });
}
