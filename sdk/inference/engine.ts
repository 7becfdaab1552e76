import { fileURLToPath } from "node:url";
import type { InstancePlan, Launch } from "../launch/index.ts";
import { startLaunch } from "../launch/index.ts";
import { openChannel, type Channel } from "./channel.ts";
import { assertRuntime, readHostVersions, readNeededVersions } from "./libc.ts";
import { findEngineLibraries } from "./libraries.ts";
import { type EngineScoring, scoringOf } from "./engineScoring.ts";
import { type EngineText, textOf } from "./engineText.ts";
import { type EngineTiming, timingOf } from "./engineTiming.ts";
import type { EngineFacts } from "./protocol.ts";
import { type EngineSetting, type EngineSpec, planSetting } from "./setting.ts";

/** An engine with every choice made: what starts, and what is stored with the result. */
export interface EnginePlan {
  readonly version: string;
  readonly setting: EngineSetting;
  readonly instance: InstancePlan;
}

/** A running engine in a process of its own. Requests are answered one at a time, in order. */
export interface Engine extends EngineTiming, EngineText, EngineScoring, AsyncDisposable {
  readonly facts: EngineFacts;
  readonly processId: number;
  close(): Promise<void>;
}

/**
 * Makes every choice of an engine explicit.
 * @throws {EngineError} `engine-missing` when no prebuilt engine is installed for this platform, `invalid-setting`
 */
export function planEngine(spec: EngineSpec, instance: InstancePlan): EnginePlan {
  const { version, folder } = findEngineLibraries();
  return { version, instance, setting: planSetting(spec, { instance, librariesFolder: folder }) };
}

function engineOf(channel: Channel, facts: EngineFacts): Engine {
  const close = (): Promise<void> => channel.close();
  return {
    facts,
    processId: channel.processId,
    ...timingOf(channel, facts.setting),
    ...textOf(channel, facts.setting),
    ...scoringOf(channel, facts.setting),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Makes malloc ask for huge pages, which a kernel that says `madvise` gives only to those who ask. A file is cached in
 * large pieces by itself.
 * @see https://www.gnu.org/software/libc/manual/html_node/Memory-Allocation-Tunables.html
 */
const hugePages = "glibc.malloc.hugetlb=1";

function workerEnvironment(): Record<string, string> {
  const { GLIBC_TUNABLES: own } = process.env;
  return { UV_THREADPOOL_SIZE: "1", GLIBC_TUNABLES: own === undefined ? hugePages : `${own}:${hugePages}` };
}

/**
 * Starts the worker process of one engine, bound as planned, with its model loaded.
 * @throws {EngineError} `libc-too-old`, `library-mismatch`, `model-load-failed`, `not-supported`, `worker-died`
 */
export async function startEngine(plan: EnginePlan, options: { readonly signal?: AbortSignal } = {}): Promise<Engine> {
  assertRuntime(readNeededVersions(plan.setting.librariesFolder), readHostVersions());
  const launch: Launch = await startLaunch(
    { instances: [plan.instance], warnings: [] },
    {
      file: process.execPath,
      args: [fileURLToPath(new URL("./worker/main.js", import.meta.url))],
      environment: workerEnvironment(),
    },
    options,
  );
  const channel = openChannel(launch);
  try {
    const opened = await channel.ask("open", plan.setting);
    return engineOf(channel, { ...opened, version: plan.version, setting: plan.setting });
  } catch (cause) {
    await channel.close();
    throw cause;
  }
}
