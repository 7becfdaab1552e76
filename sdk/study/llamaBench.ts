import type { EngineWords } from "../inference/index.ts";
import { type ModelRun, throughputOf } from "../record/index.ts";
import type { BenchTest } from "./benchTest.ts";
import { cpuMaskOf } from "./cpuMask.ts";

// The fields of llama-bench (tools/llama-bench/llama-bench.cpp, test::get_fields) of the llama.cpp that this package runs.

/** A field's type: what SQL calls it, and how JSON writes it. */
export type LlamaBenchType = "text" | "boolean" | "integer" | "real";

/** One field of a test. */
export interface LlamaBenchField {
  readonly name: string;
  readonly type: LlamaBenchType;
  readonly value: string | number;
}

type Valued = Readonly<Record<string, readonly [LlamaBenchType, string | number]>>;

const flashAttentionNumbers = { auto: -1, off: 0, on: 1 };

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
}

/** The nanoseconds and the tokens a second of each run that gives a speed. */
export function llamaBenchSamplesOf({ runs }: BenchTest): { readonly ns: number[]; readonly ts: number[] } {
  const timed = runs.flatMap((run) => {
    const [tokensPerSecond, seconds] = [throughputOf(run), run.samples.tokenSeconds?.at(-1)];
    return tokensPerSecond === null || seconds === undefined
      ? []
      : [{ tokensPerSecond, ns: Math.round(seconds * 1e9) }];
  });
  return { ns: timed.map(({ ns }) => ns), ts: timed.map(({ tokensPerSecond }) => tokensPerSecond) };
}

/** What the engine says of itself and the model, or what the file says where the engine was not asked. */
function wordsOf({ engine, model }: ModelRun): EngineWords {
  const { architecture, quant, fileBytes: tensorBytes, parametersCount } = model;
  const known = { model: `${architecture} ${quant ?? ""}`, tensorBytes, parametersCount };
  return engine?.words ?? { ...known, buildCommit: "unknown", buildNumber: 0 };
}

function engineFieldsOf(run: ModelRun, modelPath: string): Valued {
  const words = wordsOf(run);
  return {
    build_commit: ["text", words.buildCommit],
    build_number: ["integer", words.buildNumber],
    cpu_info: ["text", run.machine.cpuModel ?? ""],
    gpu_info: ["text", ""],
    backends: ["text", "CPU"],
    model_filename: ["text", modelPath],
    model_type: ["text", words.model],
    model_size: ["integer", words.tensorBytes],
    model_n_params: ["integer", words.parametersCount],
  };
}

/** Where a record does not say how its engine was started, it was by these. */
const unsaid = {
  useMmap: false,
  cache: { keyType: "f16", valueType: "f16" },
  flashAttention: "auto",
  batchTokensCount: 2048,
  microBatchTokensCount: 512,
  pool: { pollingLevel: 50, isStrict: false },
} as const;

function settingFieldsOf({ engine, spec }: ModelRun, cpus: string | null): Valued {
  const { cache, pool, useMmap, flashAttention, ...counts } = engine?.setting ?? unsaid;
  return {
    n_batch: ["integer", counts.batchTokensCount],
    n_ubatch: ["integer", counts.microBatchTokensCount],
    n_threads: ["integer", spec.threadsCount],
    cpu_mask: ["text", cpuMaskOf(cpus ?? "")],
    cpu_strict: ["boolean", Number(pool.isStrict)],
    poll: ["integer", pool.pollingLevel],
    type_k: ["text", cache.keyType],
    type_v: ["text", cache.valueType],
    n_gpu_layers: ["integer", -1],
    n_cpu_moe: ["integer", 0],
    split_mode: ["text", "layer"],
    main_gpu: ["integer", 0],
    no_kv_offload: ["boolean", 0],
    flash_attn: ["integer", flashAttentionNumbers[flashAttention]],
    devices: ["text", "auto"],
    tensor_split: ["text", "0.00"],
    tensor_buft_overrides: ["text", "none"],
    load_mode: ["text", useMmap ? "mmap" : "none"],
    lazy_mode: ["text", useMmap ? "auto" : "off"],
    embeddings: ["boolean", 0],
    no_op_offload: ["integer", 0],
    no_host: ["boolean", 0],
    fit_target: ["integer", 0],
    fit_min_ctx: ["integer", 0],
  };
}

function measuredFieldsOf(test: BenchTest): Valued {
  const { spec, startedAt } = test.runs[0];
  const { ns, ts } = llamaBenchSamplesOf(test);
  return {
    n_prompt: ["integer", spec.promptTokensCount ?? 0],
    n_gen: ["integer", spec.generatedTokensCount ?? 0],
    n_depth: ["integer", spec.depthTokensCount ?? 0],
    test_time: ["text", startedAt.replace(/\.\d+/, "")],
    avg_ns: ["integer", Math.floor(meanOf(ns))],
    stddev_ns: ["integer", Math.floor(deviationOf(ns))],
    avg_ts: ["real", meanOf(ts)],
    stddev_ts: ["real", deviationOf(ts)],
  };
}

/** All fields of a test in llama-bench's order. */
export function llamaBenchFieldsOf(test: BenchTest): LlamaBenchField[] {
  const [run] = test.runs;
  const valued = {
    ...engineFieldsOf(run, test.modelPath),
    ...settingFieldsOf(run, test.cpus),
    ...measuredFieldsOf(test),
  };
  return Object.entries(valued).map(([name, [type, value]]) => ({ name, type, value }));
}
