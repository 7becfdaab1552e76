import { dirname } from "node:path";
import type { InstancePlan } from "../launch/index.ts";
import {
  alignUp,
  fileTypeOf,
  type Model,
  probeFreeBytes,
  readModel,
  tensorBytesOf,
  type TensorInfo,
  tensorTypeOf,
} from "../model/index.ts";
import { EngineError } from "./errors.ts";
import { type NativeTask, planNativeInstance, runNativeTask } from "./nativeTask.ts";
import { type QuantizationSpec, planQuantizerTask } from "./quantizationTask.ts";
import { asksForImportanceMatrix, parseFailure, parseTensorLine } from "./quantizerLog.ts";
import type { QuantizerTask } from "./worker/quantizer.ts";

/** A quantization with every choice made, before a byte is written. */
export interface QuantizationPlan {
  readonly path: string;
  readonly quant: string;
  /** What each tensor becomes. */
  readonly tensors: readonly Pick<TensorInfo, "name" | "type" | "bytes">[];
  /** A few kilobytes at most above what the file will have. */
  readonly fileBytes: number;
  /** What the file system of the path has to give. */
  readonly freeBytes: number;
  readonly task: QuantizerTask;
  readonly instance: InstancePlan;
}

/** What the library itself says each tensor would become. */
async function planTensors(
  source: Model,
  task: QuantizerTask,
  dry: Pick<NativeTask, "instance" | "signal">,
): Promise<QuantizationPlan["tensors"]> {
  const log: string[] = [];
  const status = await runNativeTask({
    program: quantizerProgram,
    task: { ...task, isDryRun: true },
    ...dry,
    onLogLine: (line) => log.push(line),
  });
  if (status !== 0) throw quantizationFailed(task, log);
  if (task.importanceMatrixPath === null && asksForImportanceMatrix(log)) {
    const message = "This mix stores so few bits that it needs an importance matrix. Pass one, or choose a larger mix.";
    throw new EngineError("needs-importance-matrix", message, { facts: { path: task.sourcePath } });
  }
  const types = new Map(log.map(parseTensorLine).map((line) => [line?.name, line?.type]));
  return source.tensors.map(({ name, dimensions, type: own }) => {
    const type = types.get(name) ?? own;
    return { name, type, bytes: tensorBytesOf({ dimensions, type: tensorTypeOf(type) }) };
  });
}

/** The error of a quantization that the library refused. */
export function quantizationFailed({ sourcePath }: QuantizerTask, log: readonly string[]): EngineError {
  const message = `llama.cpp cannot quantize ${sourcePath}: ${parseFailure(log)}. Check the file and the overrides.`;
  return new EngineError("quantization-failed", message, { facts: { sourcePath } });
}

/** The process that quantizes. */
export const quantizerProgram = new URL("./worker/quantizer.js", import.meta.url);

const paddedBytes = (tensors: readonly { readonly bytes: number }[]): number =>
  tensors.reduce((total, { bytes }) => total + alignUp(bytes), 0);

/** The metadata of the result: that of the original, with a few more keys when there is an importance matrix. */
const addedKeysBytes = 1024;

/**
 * Makes every choice of a quantization, and says what each tensor becomes, before anything is written.
 * @throws {ModelError} `no-such-quant`, `bad-spec`, `path-taken`, `not-an-importance-matrix`, and as `readModel`
 * @throws {EngineError} `already-quantized`, `needs-importance-matrix`, `library-mismatch`, `libc-too-old`,
 * `engine-missing`, `quantization-failed`, `worker-died`, `aborted`
 */
export async function planQuantization(
  spec: QuantizationSpec,
  options: { readonly signal?: AbortSignal } = {},
): Promise<QuantizationPlan> {
  const source = await readModel(spec.path);
  const instance = await planNativeInstance(spec.threadsCount);
  const task = await planQuantizerTask(spec, source, instance);
  const tensors = await planTensors(source, task, { instance, signal: options.signal });
  const headerBytes = source.fileBytes - paddedBytes(source.tensors);
  return {
    path: task.targetPath,
    quant: fileTypeOf(spec.quant).label,
    tensors,
    fileBytes: paddedBytes(tensors) + headerBytes + (task.importanceMatrixPath === null ? 0 : addedKeysBytes),
    freeBytes: await probeFreeBytes(dirname(task.targetPath)),
    task,
    instance,
  };
}
