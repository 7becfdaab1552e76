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
import { type NativeWorker, planNativeInstance, startNativeWorker } from "./nativeTask.ts";
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
  quantizer: NativeWorker,
): Promise<QuantizationPlan["tensors"]> {
  const log: string[] = [];
  const status = await quantizer.run({ ...task, isDryRun: true }, (line) => log.push(line));
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

const paddedBytes = (tensors: readonly { readonly bytes: number }[]): number =>
  tensors.reduce((total, { bytes }) => total + alignUp(bytes), 0);

/** The metadata of the result: that of the original, with a few more keys when there is an importance matrix. */
const addedKeysBytes = 1024;

/** How a quantization is planned, and what is done in the same process once it is planned. */
interface Planning<Result> {
  readonly signal?: AbortSignal | undefined;
  readonly then: (plan: QuantizationPlan, quantizer: NativeWorker) => Result;
}

/**
 * Plans a quantization in a process, which starts meanwhile, and goes on with it.
 * @throws as `planQuantization`
 */
export async function withPlan<Result>(
  spec: QuantizationSpec,
  { signal, then }: Planning<Result>,
): Promise<Awaited<Result>> {
  const instance = await planNativeInstance(spec.threadsCount);
  const program = new URL("./worker/quantizer.js", import.meta.url);
  await using quantizer = await startNativeWorker({ program, instance, signal });
  const source = await readModel(spec.path);
  const task = await planQuantizerTask(spec, source, instance);
  const tensors = await planTensors(source, task, quantizer);
  const headerBytes = source.fileBytes - paddedBytes(source.tensors);
  const plan = {
    path: task.targetPath,
    quant: fileTypeOf(spec.quant).label,
    tensors,
    fileBytes: paddedBytes(tensors) + headerBytes + (task.importanceMatrixPath === null ? 0 : addedKeysBytes),
    freeBytes: await probeFreeBytes(dirname(task.targetPath)),
    task,
    instance,
  };
  return await then(plan, quantizer);
}

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
  return withPlan(spec, { ...options, then: (plan) => plan });
}
