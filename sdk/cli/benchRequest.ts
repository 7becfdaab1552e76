import { InvalidArgumentError } from "commander";
import { type BenchSpec, type BenchVariant, cpusOfMask, type LlamaBenchFormat } from "../study/index.ts";
import { type GivenFlags, readBenchWords } from "./benchFlags.ts";

/** What was asked of `numalab bench`. */
export interface BenchRequest {
  readonly spec: BenchSpec;
  readonly output: LlamaBenchFormat | "none";
  readonly errorOutput: LlamaBenchFormat | "none";
  /** Fields that a table shows because they were chosen. */
  readonly shownFields: readonly string[];
  readonly data: string | undefined;
}

/** Every combination with one more choice. */
function combine<Choice, Value>(
  choices: readonly Choice[],
  values: readonly Value[],
  add: (choice: Choice, value: Value) => Choice,
): Choice[] {
  return choices.flatMap((choice) => values.map((value) => add(choice, value)));
}

/** The CPUs of a mask; undefined for `0x0`, which leaves the choice open. */
function cpusOf(mask: string): string | undefined {
  const cpus = cpusOfMask(mask);
  if (cpus === null) throw new InvalidArgumentError(`The CPU mask "${mask}" is not hexadecimal like 0xF.`);
  return cpus === "" ? undefined : cpus;
}

type Choice = BenchVariant["engine"];

const defaultChoices = {
  loads: [],
  maps: [],
  batches: [2048],
  microBatches: [512],
  keyTypes: ["f16"],
  valueTypes: ["f16"],
  attentions: ["auto"],
  stricts: [false],
  polls: [50],
  priorities: ["normal"],
  cpuMasks: ["0x0"],
} as const satisfies GivenFlags;

/** The ways to start engines that these flags name, in llama-bench's order. */
function variantsOf(given: GivenFlags): BenchVariant[] {
  const { loads, maps, batches, microBatches, keyTypes, valueTypes, attentions, stricts, polls, priorities, cpuMasks } =
    {
      ...defaultChoices,
      ...given,
    };
  const loadings = [...loads, ...maps];
  let choices: Choice[] = (loadings.length === 0 ? [false] : loadings).map((useMmap) => ({ useMmap }));
  choices = combine(choices, batches, (choice, batchTokensCount) => ({ ...choice, batchTokensCount }));
  choices = combine(choices, microBatches, (choice, count) => ({
    ...choice,
    // llama.cpp itself computes at most a batch.
    microBatchTokensCount: Math.min(count, choice.batchTokensCount ?? count),
  }));
  choices = combine(choices, keyTypes, (choice, keyType) => ({ ...choice, cache: { keyType } }));
  choices = combine(choices, valueTypes, ({ cache, ...choice }, valueType) => ({
    ...choice,
    cache: { ...cache, valueType },
  }));
  choices = combine(choices, attentions, (choice, flashAttention) => ({ ...choice, flashAttention }));
  choices = combine(choices, stricts, (choice, isStrict) => ({ ...choice, pool: { isStrict } }));
  choices = combine(choices, polls, ({ pool, ...choice }, pollingLevel) => ({
    ...choice,
    pool: { ...pool, pollingLevel },
  }));
  choices = combine(choices, priorities, ({ pool, ...choice }, priority) => ({
    ...choice,
    pool: { ...pool, priority },
  }));
  const confined = cpuMasks.map(cpusOf);
  return choices.flatMap((engine) => confined.map((cpus) => (cpus === undefined ? { engine } : { engine, cpus })));
}

/** The field of llama-bench that each flag is about. */
const fieldsOfFlags: readonly (readonly [keyof GivenFlags, string])[] = [
  ["cpuMasks", "cpu_mask"],
  ["stricts", "cpu_strict"],
  ["polls", "poll"],
  ["batches", "n_batch"],
  ["microBatches", "n_ubatch"],
  ["keyTypes", "type_k"],
  ["valueTypes", "type_v"],
  ["attentions", "flash_attn"],
  ["maps", "load_mode"],
  ["loads", "load_mode"],
];

const distinct = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

const defaultTests = {
  models: [],
  prompts: [512],
  decodes: [128],
  replies: [],
  depths: [0],
  threads: undefined,
  repetitions: [6],
};

function specOf(given: GivenFlags, switched: ReadonlySet<string>): BenchSpec {
  const { models, prompts, decodes, replies, depths, threads, repetitions } = { ...defaultTests, ...given };
  if (models.length === 0) throw new InvalidArgumentError("missing required argument: no model file was named.");
  if ([...prompts, ...decodes].every((count) => count === 0) && replies.length === 0)
    throw new InvalidArgumentError("-p 0 and -n 0 leave nothing to time. Give one of them, or -pg.");
  return {
    modelPaths: distinct(models),
    promptTokensCounts: distinct(prompts),
    decodeTokensCounts: distinct(decodes),
    replies,
    depthTokensCounts: distinct(depths),
    ...(threads === undefined ? {} : { threadCounts: distinct(threads) }),
    variants: variantsOf(given),
    repetitionsCount: repetitions.at(-1) ?? 1,
    isWarmedUp: !switched.has("--no-warmup"),
  };
}

/**
 * What the words of `numalab bench` ask for.
 * @throws {InvalidArgumentError} for what cannot be read or honoured
 */
export function parseBenchRequest(words: readonly string[]): BenchRequest {
  const { given, switched } = readBenchWords(words);
  return {
    spec: specOf(given, switched),
    output: switched.has("--json") ? "json" : (given.outputs?.at(-1) ?? "md"),
    errorOutput: given.errorOutputs?.at(-1) ?? "none",
    shownFields: fieldsOfFlags.filter(([flag]) => given[flag] !== undefined).map(([, field]) => field),
    data: given.data?.at(-1),
  };
}
