import type { InstancePlan } from "../launch/index.ts";
import type { Channel } from "./channel.ts";
import { assertRuntime, readHostVersions, readNeededVersions } from "./libc.ts";
import { findEngineLibraries } from "./libraries.ts";
import { batchingOf, type EngineBatching } from "./engineBatching.ts";
import { type EngineProfiling, profilingOf } from "./engineProfile.ts";
import { type EngineScoring, scoringOf } from "./engineScoring.ts";
import { type EngineText, textOf } from "./engineText.ts";
import { type EngineTiming, timingOf } from "./engineTiming.ts";
import { assertLoadable } from "./modelFit.ts";
import type { EngineFacts, WorkerCalls } from "./protocol.ts";
import { findOnnxRuntime } from "./onnxRuntime.ts";
import { type EngineSetting, type EngineSpec, isOnnx, planSetting } from "./setting.ts";
import { startWorker } from "./workerProcess.ts";

/** An engine with every choice made: what starts, and what is stored with the result. */
export interface EnginePlan {
  readonly version: string;
  readonly setting: EngineSetting;
  readonly instance: InstancePlan;
}

/** A running engine in a process of its own. Requests are answered one at a time, in order. */
export interface Engine
  extends EngineTiming, EngineProfiling, EngineBatching, EngineText, EngineScoring, AsyncDisposable {
  readonly facts: EngineFacts;
  readonly processId: number;
  close(): Promise<void>;
}

/**
 * Makes every choice of an engine explicit.
 * @throws {EngineError} `engine-missing` when no prebuilt engine is installed for this platform, `invalid-setting`
 */
export function planEngine(spec: EngineSpec, instance: InstancePlan): EnginePlan {
  const { version, folder } = isOnnx(spec) ? findOnnxRuntime() : findEngineLibraries();
  return { version, instance, setting: planSetting(spec, { instance, librariesFolder: folder }) };
}

function engineOf(channel: Channel<WorkerCalls>, facts: EngineFacts): Engine {
  const close = (): Promise<void> => channel.close();
  return {
    facts,
    processId: channel.processId,
    ...timingOf(channel, facts.setting),
    ...profilingOf(channel, facts.setting),
    ...batchingOf(channel, facts.setting),
    ...textOf(channel, facts.setting),
    ...scoringOf(channel, facts.setting),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Starts the worker process of one engine with its model loaded, and gives the line to it. */
export async function startChannel(
  plan: EnginePlan,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<{ readonly channel: Channel<WorkerCalls>; readonly facts: EngineFacts }> {
  const program = new URL("./worker/main.js", import.meta.url);
  const channel = await startWorker<WorkerCalls>(program, plan.instance, signal);
  try {
    // The worker starts meanwhile.
    if (plan.setting.driver !== "onnx")
      assertRuntime(readNeededVersions(plan.setting.librariesFolder), readHostVersions());
    await assertLoadable(plan.setting);
    const opened = await channel.ask("open", plan.setting);
    return { channel, facts: { ...opened, version: plan.version, setting: plan.setting } };
  } catch (cause) {
    await channel.close();
    throw cause;
  }
}

/**
 * Starts the worker process of one engine, bound as planned, with its model loaded.
 * @throws {EngineError} `libc-too-old`, `library-mismatch`, `model-load-failed`, `not-enough-memory`, `not-supported`,
 * `worker-died`
 */
export async function startEngine(plan: EnginePlan, options: { readonly signal?: AbortSignal } = {}): Promise<Engine> {
  const { channel, facts } = await startChannel(plan, options);
  return engineOf(channel, facts);
}
