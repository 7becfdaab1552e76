import { fileURLToPath } from "node:url";
import type { InstancePlan, Launch } from "../launch/index.ts";
import { startLaunch } from "../launch/index.ts";
import { openChannel, type Channel } from "./channel.ts";
import { EngineError } from "./errors.ts";
import { assertRuntime, readHostVersions, readNeededVersions } from "./libc.ts";
import { findEngineLibraries } from "./libraries.ts";
import type {
  DriverName,
  EngineFacts,
  EngineSetting,
  Generation,
  TextRequest,
  ThreadPlacement,
  TimedRequest,
} from "./protocol.ts";
import type { TokenTimeline } from "./timeline.ts";

/** What a caller may say about an engine; all but the model may be left out. */
export interface EngineSpec {
  readonly modelPath: string;
  /** Default `auto`: direct calls where their guards hold, else node-llama-cpp's public calls with a warning. */
  readonly driver?: DriverName | "auto";
  /** Default 1024. */
  readonly contextTokensCount?: number;
  /**
   * Default false: the weights are read into anonymous memory, so that the binding and its proof cover them, in huge pages
   * where the kernel gives them. True maps the file, as llama-bench does by default: its pages stay on the node of whoever
   * read them first. Once loaded, both compute at the same speed; in small pages anonymous weights would be slower.
   */
  readonly useMmap?: boolean;
  /** Default: the libraries that node-llama-cpp installed. */
  readonly librariesFolder?: string;
}

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
 * @throws {EngineError} `engine-missing` when no prebuilt engine is installed for this platform
 */
export function planEngine(spec: EngineSpec, instance: InstancePlan): EnginePlan {
  const libraries = findEngineLibraries();
  return {
    version: libraries.version,
    instance,
    setting: {
      modelPath: spec.modelPath,
      driver: spec.driver ?? "auto",
      librariesFolder: spec.librariesFolder ?? libraries.folder,
      contextTokensCount: spec.contextTokensCount ?? 1024,
      useMmap: spec.useMmap ?? false,
      threads: { threadsCount: instance.threadsCount, cpus: null },
    },
  };
}

function assertFits({ tokensCount, depthTokensCount, threads }: TimedRequest, setting: EngineSetting): void {
  const isWhole = [tokensCount, depthTokensCount, threads.threadsCount].every(Number.isInteger);
  if (!isWhole || tokensCount < 1 || depthTokensCount < 0) {
    const message = `tokensCount ${tokensCount} and depthTokensCount ${depthTokensCount} must be whole numbers of at least 1 and 0. Pass such.`;
    throw new EngineError("invalid-request", message, { facts: { tokensCount, depthTokensCount } });
  }
  const limit = setting.threads.threadsCount;
  if (threads.threadsCount < 1 || threads.threadsCount > limit) {
    const message = `${threads.threadsCount} threads were asked for and this engine was planned with ${limit}. Ask for 1 to ${limit}, or plan the launch with more.`;
    throw new EngineError("invalid-request", message, { facts: { threadsCount: threads.threadsCount, limit } });
  }
  const total = tokensCount + depthTokensCount;
  if (total <= setting.contextTokensCount) return;
  const message = `${total} tokens were asked for and the context holds ${setting.contextTokensCount}. Start the engine with contextTokensCount ${total} or more.`;
  throw new EngineError("context-too-small", message, {
    facts: { total, contextTokensCount: setting.contextTokensCount },
  });
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
 * @throws {EngineError} `libc-too-old`, `library-mismatch`, `model-load-failed`, `worker-died`
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
    const opened = (await channel.ask({ call: "open", request: plan.setting })) as Omit<EngineFacts, "version">;
    return engineOf(channel, { ...opened, version: plan.version }, plan.setting);
  } catch (cause) {
    await channel.close();
    throw cause;
  }
}
