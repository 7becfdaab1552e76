import { readFile } from "node:fs/promises";
import { freemem } from "node:os";
import { type Inspection, inspectModel, ModelError } from "../model/index.ts";
import { checkOnnx, OnnxError } from "../onnx/index.ts";
import { formatQuantity } from "../units/index.ts";
import { EngineError } from "./errors.ts";
import { findLibrary } from "./libraries.ts";
import type { EngineSetting } from "./setting.ts";

/** Reads the header of a model, with the words of the reader where it is refused. */
async function inspect({
  modelPath,
  contextTokensCount,
  sequencesCount,
  ...setting
}: EngineSetting): Promise<Inspection> {
  try {
    return await inspectModel(modelPath, {
      contextTokensCount: contextTokensCount * sequencesCount,
      microBatchTokensCount: setting.microBatchTokensCount,
    });
  } catch (cause) {
    if (!(cause instanceof ModelError)) throw cause;
    const facts = { modelPath, modelCode: cause.code, ...cause.facts };
    throw new EngineError("model-load-failed", cause.message, { facts, cause });
  }
}

/** The names of all architectures stand in the library, each ended by a zero. */
async function assertArchitecture(
  { architecture, path }: Inspection,
  { librariesFolder }: EngineSetting,
): Promise<void> {
  const library = findLibrary(librariesFolder, /^libllama\.v.*\.so$/);
  if (library === null || (await readFile(library)).includes(`${architecture}\0`)) return;
  const message = `${path} is of the architecture ${architecture}, which this llama.cpp does not have. Use a newer one, or another model.`;
  throw new EngineError("model-load-failed", message, { facts: { architecture, library } });
}

/** What a process can get: what is free or only cached, within the limit of its container. */
function availableBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(freemem(), limit) : freemem();
}

/** Weights that are mapped can be dropped and read again; all else must fit. */
function assertMemory(model: Inspection, { useMmap, cache, contextTokensCount, sequencesCount }: EngineSetting): void {
  const { weightsBytes, computeBytes } = model.memory;
  const formats = [cache.keyType, cache.valueType].map((format) => model.kvBytesPerTokenByFormat[format] ?? 0);
  const kvBytes = (formats.reduce((total, bytes) => total + bytes, 0) / 2) * contextTokensCount * sequencesCount;
  const neededBytes = kvBytes + computeBytes + (useMmap ? 0 : weightsBytes);
  const available = availableBytes();
  if (neededBytes <= available) return;
  const [needed, weights, kv, has] = [neededBytes, weightsBytes, kvBytes, available].map((bytes) =>
    formatQuantity(bytes, "bytes"),
  );
  const message = `${model.path} with ${sequencesCount} × ${contextTokensCount} tokens of context needs about ${String(needed)} (weights ${String(weights)}, cache ${String(kv)}), and ${String(has)} can be had. Ask for a shorter context, a smaller cache type or a smaller model.`;
  throw new EngineError("not-enough-memory", message, { facts: { neededBytes, availableBytes: available, kvBytes } });
}

/**
 * Nothing when an ONNX file, or what one holds, is sound and all its weights are there. A part of ONNX that our reader
 * leaves out is left to onnxruntime.
 * @throws {EngineError} `model-load-failed`
 */
export async function assertSoundGraph(model: string | Uint8Array): Promise<void> {
  try {
    await checkOnnx(model);
  } catch (cause) {
    if (!(cause instanceof OnnxError)) throw cause;
    if (cause.code === "not-supported") return;
    const facts = { modelCode: cause.code, ...cause.facts };
    throw new EngineError("model-load-failed", cause.message, { facts, cause });
  }
}

/**
 * Nothing when the engine can load a model as set: its header is sound, its architecture known, and memory holds it.
 * @throws {EngineError} `model-load-failed` or `not-enough-memory`
 */
export async function assertLoadable(setting: EngineSetting): Promise<void> {
  if (setting.driver === "onnx") return assertSoundGraph(setting.modelPath);
  const model = await inspect(setting);
  await assertArchitecture(model, setting);
  assertMemory(model, setting);
}
