import { InferenceSession, type Tensor as Value } from "onnxruntime-node";
import type { ElementType, Tensor, ValueInfo } from "../../onnx/index.ts";
import { EngineError } from "../errors.ts";
import type { OpenedSession } from "../sessionProtocol.ts";
import type { SessionSetting } from "../sessionSetting.ts";
import { stayOnCpu } from "./native.ts";
import { tensorOfValue, valueOf } from "./onnxTensor.ts";

/** Values by name, as onnxruntime takes and gives them. */
export type Values = Record<string, Value>;

/** A graph that is loaded and can run. */
export interface LoadedGraph extends OpenedSession {
  run(feeds: Values, outputs: readonly string[]): Promise<Values>;
  endProfile(): void;
  release(): Promise<void>;
}

/** Tensors by their names. */
export function valuesOf(tensors: readonly Tensor[]): Values {
  return Object.fromEntries(tensors.map((tensor) => [tensor.name, valueOf(tensor)]));
}

/** The named values as tensors. */
export function tensorsOf(values: Values, names: readonly string[]): Tensor[] {
  return names.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [tensorOfValue(name, value)];
  });
}

const flag = (isOn: boolean): string => (isOn ? "1" : "0");

/**
 * The words of a setting for onnxruntime. The CPUs of its own threads, all but the calling one, are counted from 1.
 * @see https://github.com/microsoft/onnxruntime/blob/main/include/onnxruntime/core/session/onnxruntime_session_options_config_keys.h
 */
function optionsOf(setting: SessionSetting): InferenceSession.SessionOptions {
  const { threadCpus, optimizedPath } = setting;
  const ownCpus = threadCpus?.slice(1).map((cpu) => String(cpu + 1)) ?? [];
  return {
    executionProviders: ["cpu"],
    intraOpNumThreads: setting.threadsCount,
    interOpNumThreads: setting.interThreadsCount,
    executionMode: setting.execution,
    graphOptimizationLevel: setting.optimization,
    enableCpuMemArena: setting.hasArena,
    enableMemPattern: setting.hasMemoryPattern,
    ...(optimizedPath === null ? {} : { optimizedModelFilePath: optimizedPath }),
    extra: {
      session: {
        disable_prepacking: flag(!setting.isPrepacked),
        intra_op: { allow_spinning: flag(setting.isSpinning) },
        inter_op: { allow_spinning: flag(setting.isSpinning) },
        ...(ownCpus.length === 0 ? {} : { intra_op_thread_affinities: ownCpus.join(";") }),
      },
    },
  };
}

function valueInfoOf(metadata: InferenceSession.ValueMetadata): ValueInfo {
  if (metadata.isTensor) {
    return { name: metadata.name, type: metadata.type as ElementType, dimensions: metadata.shape };
  }
  const message = `${metadata.name} is no tensor. Use a graph that takes and gives tensors only.`;
  throw new EngineError("not-supported", message, { facts: { name: metadata.name } });
}

async function createSession(
  setting: SessionSetting,
  modelBytes: Uint8Array | null,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    if (modelBytes !== null) return await InferenceSession.create(modelBytes, options);
    return await InferenceSession.create(setting.modelPath ?? "", options);
  } catch (cause) {
    const what = setting.modelPath ?? "The model";
    const words = cause instanceof Error ? cause.message : String(cause);
    const message = `${what} was refused by onnxruntime: ${words}. Pass an ONNX file that it can run.`;
    throw new EngineError("model-load-failed", message, { cause, facts: { path: setting.modelPath } });
  }
}

/** The first session of a process starts onnxruntime, which is no part of a load: this one has no model and fails. */
async function startRuntime(): Promise<void> {
  await InferenceSession.create(new Uint8Array()).catch(() => null);
}

/**
 * Loads a graph.
 * @throws {EngineError} `model-load-failed`, `not-supported`
 */
export async function loadGraph(
  setting: SessionSetting,
  modelBytes: Uint8Array | null,
  options: InferenceSession.SessionOptions = {},
): Promise<LoadedGraph> {
  await startRuntime();
  const startedAt = performance.now();
  const session = await createSession(setting, modelBytes, { ...optionsOf(setting), ...options });
  const loadSeconds = (performance.now() - startedAt) / 1000;
  const [callingThreadCpu] = setting.threadCpus ?? [];
  if (callingThreadCpu !== undefined) stayOnCpu(callingThreadCpu);
  return {
    loadSeconds,
    inputs: session.inputMetadata.map(valueInfoOf),
    outputs: session.outputMetadata.map(valueInfoOf),
    run: (feeds, outputs) => session.run(feeds, outputs),
    endProfile: () => {
      session.endProfiling();
    },
    release: () => session.release(),
  };
}
