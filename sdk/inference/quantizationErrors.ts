import { type Model, readModel, type TensorInfo, weightsCountOf } from "../model/index.ts";
import { decibelsOf } from "../stats/index.ts";
import { EngineError } from "./errors.ts";
import { findEngineLibraries } from "./libraries.ts";
import { planNativeInstance, runNativeTask } from "./nativeTask.ts";
import type { ComparerTask, PowerSums, TensorPair } from "./worker/comparer.ts";

/** How far one tensor of a quantized model is from the original. */
export interface TensorError {
  readonly name: string;
  readonly originalType: string;
  readonly type: string;
  readonly weightsCount: number;
  /** The share of the rows that were compared. */
  readonly sampledRatio: number;
  /** The mean square of the original weights; null where the format holds none. */
  readonly signalPower: number | null;
  /** The mean square of the differences. */
  readonly noisePower: number | null;
  /** Ten times the logarithm of signal over noise: each bit more gives about 6. */
  readonly sqnrDecibels: number | null;
  /** Why there is no ratio; null where there is. */
  readonly reason: string | null;
}

/** How two models are compared. */
export interface ComparisonOptions {
  /** Default 2^20: of tensors with more weights, so many are compared, in rows at equal distances. */
  readonly sampledWeightsCount?: number;
  readonly signal?: AbortSignal;
}

function notComparable(message: string): EngineError {
  return new EngineError("not-comparable", message);
}

/** Offsets of later files of a split model would be read in the first. */
function assertWhole({ path }: Model): void {
  if (!/-\d{5}-of-\d{5}\.gguf$/.test(path)) return;
  throw notComparable(`${path} is one of several files. Join them with llama-gguf-split --merge first.`);
}

function pairOf(original: TensorInfo, quantized: TensorInfo | undefined, { path }: Model): TensorPair {
  const { name, dimensions } = original;
  if (quantized?.dimensions.join() !== dimensions.join()) {
    const found = quantized === undefined ? "has no" : `has ${quantized.dimensions.join(" × ")} weights in`;
    throw notComparable(
      `${path} ${found} ${name}, and the original ${dimensions.join(" × ")}. Pass two files of one model.`,
    );
  }
  const [rowWeightsCount = 1] = dimensions;
  return { name, rowWeightsCount, rowsCount: weightsCountOf(dimensions) / rowWeightsCount, original, quantized };
}

function pairsOf(original: Model, quantized: Model): readonly TensorPair[] {
  const others = new Map(quantized.tensors.map((tensor) => [tensor.name, tensor]));
  return original.tensors.map((tensor) => pairOf(tensor, others.get(tensor.name), quantized));
}

function reasonOf({ signal, noise }: PowerSums): string | null {
  if (signal === null) return "holds no weights";
  return noise === 0 ? "equal" : null;
}

function errorOf(pair: TensorPair, sums: PowerSums): TensorError {
  const { name, rowWeightsCount, rowsCount, original, quantized } = pair;
  const { signal, noise, sampledRowsCount } = sums;
  const reason = reasonOf(sums);
  const sampledCount = sampledRowsCount * rowWeightsCount;
  return {
    name,
    originalType: original.type,
    type: quantized.type,
    weightsCount: rowWeightsCount * rowsCount,
    sampledRatio: sampledRowsCount / rowsCount,
    signalPower: signal === null ? null : signal / sampledCount,
    noisePower: noise === null ? null : noise / sampledCount,
    sqnrDecibels: reason !== null || signal === null || noise === null ? null : decibelsOf(signal, noise),
    reason,
  };
}

/**
 * The same ratio over all tensors that differ, as if they were one; null where none does.
 * @see https://en.wikipedia.org/wiki/Signal-to-quantization-noise_ratio
 */
export function sqnrDecibelsOf(errors: readonly TensorError[]): number | null {
  const total = { signal: 0, noise: 0 };
  for (const { signalPower, noisePower, sqnrDecibels, weightsCount } of errors) {
    if (sqnrDecibels === null) continue;
    total.signal += (signalPower ?? 0) * weightsCount;
    total.noise += (noisePower ?? 0) * weightsCount;
  }
  return total.noise === 0 ? null : decibelsOf(total.signal, total.noise);
}

/**
 * How far each tensor of a quantized model is from the original, by the library's own way back to weights, in a process
 * of its own. The original may be quantized too.
 * @throws {ModelError} as `readModel`
 * @throws {EngineError} `not-comparable`, `library-mismatch`, `engine-missing`, `worker-died`, `aborted`
 */
export async function quantizationErrors(
  originalPath: string,
  quantizedPath: string,
  { sampledWeightsCount = 2 ** 20, signal }: ComparisonOptions = {},
): Promise<readonly TensorError[]> {
  const [original, quantized] = await Promise.all([readModel(originalPath), readModel(quantizedPath)]);
  assertWhole(original);
  assertWhole(quantized);
  const pairs = pairsOf(original, quantized);
  const librariesFolder = findEngineLibraries().folder;
  const task: ComparerTask = { librariesFolder, originalPath, quantizedPath, pairs, sampledWeightsCount };
  const program = new URL("./worker/comparer.js", import.meta.url);
  const instance = await planNativeInstance(1);
  const sums = (await runNativeTask({ program, instance, signal }, task)) as PowerSums[];
  return pairs.map((pair, at) => errorOf(pair, sums[at] as PowerSums));
}
