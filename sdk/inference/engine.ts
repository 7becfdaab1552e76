import { fileURLToPath } from "node:url";
import type { InstancePlan, Launch } from "../launch/index.ts";
import { startLaunch } from "../launch/index.ts";
import { openChannel, type Channel } from "./channel.ts";
import { assertRuntime, readHostVersions, readNeededVersions } from "./libc.ts";
import { findEngineLibraries } from "./libraries.ts";
import type { EngineFacts, Generation, TextRequest, TimedRequest } from "./protocol.ts";
import { assertCount, assertHolds, assertThreads } from "./request.ts";
import { type EngineSetting, type EngineSpec, planSetting, type ThreadPlacement } from "./setting.ts";
import type { TokenTimeline } from "./timeline.ts";

/** An engine with every choice made: what starts, and what is stored with the result. */
export interface EnginePlan {
  readonly version: string;
  readonly setting: EngineSetting;
  readonly instance: InstancePlan;
}

/** A timed request; what is left out is the plan's. */
export type RequestSpec = Pick<TimedRequest, "tokensCount"> & Partial<TimedRequest>;

/** A running engine in a process of its own. Requests are answered one at a time, in order. */
export interface Engine extends AsyncDisposable {
  readonly facts: EngineFacts;
  readonly processId: number;
  /** The time to the first token of a random prompt of `tokensCount` tokens. */
  prefill(request: RequestSpec): Promise<TokenTimeline>;
  /**
   * The time of each of `tokensCount` tokens decoded one after another, without sampling, as llama-bench does; fewer
   * when `maximumSeconds` (default 600) passed.
   */
  decode(request: RequestSpec): Promise<TokenTimeline>;
  /** Greedily chosen text after a prompt. */
  generate(prompt: string, options?: Partial<Pick<TextRequest, "maximumTokensCount" | "threads">>): Promise<Generation>;
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

function assertFits({ tokensCount, depthTokensCount, threads }: TimedRequest, setting: EngineSetting): void {
  assertCount("tokensCount", tokensCount, 1);
  assertCount("depthTokensCount", depthTokensCount, 0);
  assertThreads(threads, setting);
  assertHolds(setting, tokensCount + depthTokensCount);
}

function engineOf(channel: Channel, facts: EngineFacts, setting: EngineSetting): Engine {
  const close = (): Promise<void> => channel.close();
  const timed = async (call: "prefill" | "decode", spec: RequestSpec): Promise<TokenTimeline> => {
    const request = { depthTokensCount: 0, threads: setting.threads, maximumSeconds: 600, ...spec };
    assertFits(request, setting);
    return (await channel.ask({ call, request })) as TokenTimeline;
  };
  return {
    facts,
    processId: channel.processId,
    prefill: (spec) => timed("prefill", spec),
    decode: (spec) => timed("decode", spec),
    async generate(prompt, options = {}) {
      const threads: ThreadPlacement = options.threads ?? setting.threads;
      assertThreads(threads, setting);
      return (await channel.ask({
        call: "generate",
        request: { prompt, maximumTokensCount: options.maximumTokensCount ?? 64, threads },
      })) as Generation;
    },
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
    const opened = (await channel.ask({ call: "open", request: plan.setting })) as Omit<
      EngineFacts,
      "version" | "setting"
    >;
    return engineOf(channel, { ...opened, version: plan.version, setting: plan.setting }, plan.setting);
  } catch (cause) {
    await channel.close();
    throw cause;
  }
}
