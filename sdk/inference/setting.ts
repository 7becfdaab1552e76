import type { InstancePlan } from "../launch/index.ts";
import { EngineError } from "./errors.ts";

/** How the tokens are computed: direct calls into llama.cpp's libraries, node-llama-cpp's public calls, or onnxruntime. */
export type DriverName = "llama" | "llama-api" | "onnx";

/** How many threads compute, and which CPUs they may use: a cpulist, or null for all of the process. */
export interface ThreadPlacement {
  readonly threadsCount: number;
  readonly cpus: string | null;
}

/** The number formats of a cache and the engine's numbers for them (ggml_type). */
export const cacheTypes = { f32: 0, f16: 1, bf16: 30, q8_0: 8, q5_1: 7, q5_0: 6, q4_1: 3, q4_0: 2, iq4_nl: 20 };

/** The number format of cached keys or values. */
export type CacheType = keyof typeof cacheTypes;

/** Whether attention is computed in one pass without the whole score matrix, and the engine's numbers for it. */
export const flashAttentions = { auto: -1, off: 0, on: 1 };

/** The scheduling priorities of a thread pool and the engine's numbers for them (ggml_sched_priority). */
export const poolPriorities = { low: -1, normal: 0, medium: 1, high: 2, realtime: 3 };

/** How the computing threads wait and where they stay. */
export interface PoolSetting {
  /** How long threads spin between graphs before they sleep: 0 for not at all, to 100. Default 50. */
  readonly pollingLevel: number;
  /** Default `normal`. Above it the kernel wants CAP_SYS_NICE; where it refuses, the engine says so on stderr and goes on. */
  readonly priority: keyof typeof poolPriorities;
  /** Whether each thread stays on one CPU of its placement instead of moving among them. Default false. */
  readonly isStrict: boolean;
}

/** An engine with every choice made, as the worker process receives it. */
export interface EngineSetting {
  readonly modelPath: string;
  /** Default `onnx` for an ONNX file, else `auto`: `llama` where its guards hold, or `llama-api` with a warning. */
  readonly driver: DriverName | "auto";
  /** Default: the libraries that node-llama-cpp or onnxruntime-node installed. */
  readonly librariesFolder: string;
  /** Which of the engine's builds for CPUs computes, such as `haswell`. Default `best`: the engine's own choice. */
  readonly engineBuild: string;
  /** What the context holds of each sequence. Default 1024. */
  readonly contextTokensCount: number;
  /** How many sequences may be decoded together. Default 1. */
  readonly sequencesCount: number;
  /**
   * Whether all sequences share one cache, so that sequences with different numbers of tokens are computed in one pass.
   * Default false: each has its own, as in llama-batched-bench.
   */
  readonly isCacheShared: boolean;
  /**
   * Default false: the weights are read into anonymous memory, so that the binding and its proof cover them, in huge pages
   * where the kernel gives them. True maps the file, as llama-bench does by default: its pages stay on the node of whoever
   * read them first. Once loaded, both compute at the same speed; in small pages anonymous weights would be slower. The driver onnx then leaves weights of an external file in its pages
   * too, which loads at once and is shared by engines, but computes slower, as its kernels like another layout.
   */
  readonly useMmap: boolean;
  /** Default `f16` for both. Quantized values need flash attention. */
  readonly cache: { readonly keyType: CacheType; readonly valueType: CacheType };
  /** Default `auto`: where the model allows it. */
  readonly flashAttention: keyof typeof flashAttentions;
  /** Tokens that one call may process. Default 2048, as in llama-bench. */
  readonly batchTokensCount: number;
  /** Tokens that one graph may compute. Default 512, as in llama-bench. */
  readonly microBatchTokensCount: number;
  readonly pool: PoolSetting;
  readonly threads: ThreadPlacement;
}

/** What a caller may say about an engine; all but the model may be left out. */
export type EngineSpec = Pick<EngineSetting, "modelPath"> &
  Partial<Omit<EngineSetting, "threads" | "cache" | "pool">> & {
    readonly cache?: Partial<EngineSetting["cache"]>;
    readonly pool?: Partial<PoolSetting>;
  };

/** What an engine is unless told otherwise. */
export const defaultSetting = {
  driver: "auto",
  engineBuild: "best",
  contextTokensCount: 1024,
  sequencesCount: 1,
  isCacheShared: false,
  useMmap: false,
  cache: { keyType: "f16", valueType: "f16" },
  flashAttention: "auto",
  batchTokensCount: 2048,
  microBatchTokensCount: 512,
  pool: { pollingLevel: 50, priority: "normal", isStrict: false },
} as const;

function refuse(found: string, needed: string, facts: Readonly<Record<string, unknown>>): never {
  throw new EngineError("invalid-setting", `${found}; needed ${needed}. Change it and plan again.`, { facts });
}

function assertWord(name: string, found: string, words: object): void {
  if (!Object.hasOwn(words, found)) refuse(`${name} is ${found}`, Object.keys(words).join(", "), { [name]: found });
}

function assertWhole(name: string, found: number, [least, most]: readonly [number, number]): void {
  if (Number.isInteger(found) && found >= least && found <= most) return;
  const needed = `a whole number of at least ${least}${most === Infinity ? "" : ` and at most ${most}`}`;
  refuse(`${name} is ${found}`, needed, { [name]: found });
}

/** The most that the engine keeps apart in one context (LLAMA_MAX_SEQ). */
const maximumSequencesCount = 256;

/** Refuses what the engine would refuse, change without a word, or crash on. */
function assertSetting(setting: EngineSetting): void {
  const { cache, flashAttention, pool, batchTokensCount, microBatchTokensCount } = setting;
  assertWord("cache.keyType", cache.keyType, cacheTypes);
  assertWord("cache.valueType", cache.valueType, cacheTypes);
  assertWord("flashAttention", flashAttention, flashAttentions);
  assertWord("pool.priority", pool.priority, poolPriorities);
  assertWhole("pool.pollingLevel", pool.pollingLevel, [0, 100]);
  assertWhole("contextTokensCount", setting.contextTokensCount, [1, Infinity]);
  assertWhole("sequencesCount", setting.sequencesCount, [1, maximumSequencesCount]);
  assertWhole("batchTokensCount", batchTokensCount, [1, Infinity]);
  assertWhole("microBatchTokensCount", microBatchTokensCount, [1, batchTokensCount]);
  if (flashAttention === "off" && cache.valueType.includes("q")) {
    const found = `cache.valueType is ${cache.valueType} and flashAttention is off`;
    refuse(found, "flashAttention on or auto for quantized values", { ...cache, flashAttention });
  }
}

/** Whether a model is for onnxruntime. */
export function isOnnx({ modelPath, driver }: Pick<EngineSpec, "modelPath" | "driver">): boolean {
  return driver === undefined ? modelPath.endsWith(".onnx") : driver === "onnx";
}

/**
 * The setting with every choice made, for the threads of `instance`.
 * @throws {EngineError} `invalid-setting` when choices are unknown or do not go together
 */
export function planSetting(
  spec: EngineSpec,
  { instance, librariesFolder }: { readonly instance: InstancePlan; readonly librariesFolder: string },
): EngineSetting {
  const pool = { ...defaultSetting.pool, ...spec.pool };
  const setting = {
    librariesFolder,
    ...defaultSetting,
    ...(isOnnx(spec) ? { driver: "onnx" as const } : {}),
    ...spec,
    cache: { ...defaultSetting.cache, ...spec.cache },
    pool,
    threads: { threadsCount: instance.threadsCount, cpus: pool.isStrict ? instance.cpus : null },
  };
  assertSetting(setting);
  return setting;
}
