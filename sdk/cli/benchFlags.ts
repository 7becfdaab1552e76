import { InvalidArgumentError } from "commander";
import type { LlamaBenchFormat } from "../study/index.ts";
import { intRange } from "./intRange.ts";

/** Whole numbers, each at least and at most so much. */
function numbers(least: number, most = Infinity): (text: string) => number[] {
  return (text) => {
    const values = intRange(text);
    const wrong = values.find((value) => value < least || value > most);
    if (wrong === undefined) return values;
    throw new InvalidArgumentError(
      `${wrong} is not ${most === Infinity ? `at least ${least}` : `${least} to ${most}`}.`,
    );
  };
}

/** One of some words for each part between commas, and what it means. */
function choices<Value>(meanings: Readonly<Record<string, Value>>): (text: string) => Value[] {
  return (text) =>
    text.split(",").map((word) => {
      const meaning = Object.hasOwn(meanings, word) ? meanings[word] : undefined;
      if (meaning !== undefined) return meaning;
      throw new InvalidArgumentError(`"${word}" is none of ${Object.keys(meanings).join(", ")}.`);
    });
}

const switchWords = choices({ 0: false, 1: true });
const cacheTypes = ["f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "iq4_nl"] as const;
const cacheWords = choices(Object.fromEntries(cacheTypes.map((type) => [type, type])));
const attentionWords = choices<"on" | "off" | "auto">({
  ...{ on: "on", enabled: "on", true: "on", 1: "on" },
  ...{ off: "off", disabled: "off", false: "off", 0: "off" },
  ...{ auto: "auto", "-1": "auto" },
});
const formatWords = choices<LlamaBenchFormat | "none">({
  md: "md",
  csv: "csv",
  json: "json",
  jsonl: "jsonl",
  sql: "sql",
  none: "none",
});
const texts = (text: string): string[] => text.split(",");

function lengthPair(text: string): { promptTokensCount: number; tokensCount: number }[] {
  const [, prompt, tokens] = /^(\d+),(\d+)$/.exec(text) ?? [];
  if (Number(prompt) > 0 && Number(tokens) > 0)
    return [{ promptTokensCount: Number(prompt), tokensCount: Number(tokens) }];
  throw new InvalidArgumentError(`"${text}" is not two lengths like 512,128.`);
}

function noGpu(text: string): string[] {
  if (/^(0|-1)(,(0|-1))*$/.test(text)) return [];
  throw new InvalidArgumentError("No layer runs on a GPU here. Leave it out, or pass 0.");
}

/** A flag: its names in llama-bench, how a value is read, and its words for the help. */
type Flag = readonly [names: readonly string[], read: (text: string) => readonly unknown[], help: string];

const valueFlags = {
  models: [["-m", "--model"], texts, "GGUF files"],
  prompts: [["-p", "--n-prompt"], numbers(0), "prompt lengths; 0 for none (default 512)"],
  decodes: [["-n", "--n-gen"], numbers(0), "tokens to generate; 0 for none (default 128)"],
  replies: [["-pg"], lengthPair, "a prompt and tokens after it, such as 512,128"],
  depths: [["-d", "--n-depth"], numbers(0), "tokens in the cache before (default 0)"],
  batches: [["-b", "--batch-size"], numbers(1), "tokens of one call (default 2048)"],
  microBatches: [["-ub", "--ubatch-size"], numbers(1), "tokens of one graph, at most a batch (default 512)"],
  keyTypes: [["-ctk", "--cache-type-k"], cacheWords, `number format of cached keys: ${cacheTypes.join(", ")}`],
  valueTypes: [["-ctv", "--cache-type-v"], cacheWords, "number format of cached values"],
  threads: [["-t", "--threads"], numbers(1), "thread counts (default: one a core)"],
  cpuMasks: [["-C", "--cpu-mask"], texts, "hexadecimal masks of the CPUs to use"],
  stricts: [["--cpu-strict"], switchWords, "1: each thread stays on one CPU (default 0)"],
  polls: [["--poll"], numbers(0, 100), "how long threads spin, 0 to 100 (default 50)"],
  priorities: [
    ["--prio"],
    choices({ "-1": "low", 0: "normal", 1: "medium", 2: "high", 3: "realtime" } as const),
    "priority of the threads, -1 to 3",
  ],
  attentions: [["-fa", "--flash-attn"], attentionWords, "flash attention: on, off, auto (default)"],
  maps: [["-mmp", "--mmap"], switchWords, "1: map the file; 0: read it into memory (default)"],
  loads: [["-lm", "--load-mode"], choices({ none: false, mmap: true }), "the same by name: none, mmap"],
  layers: [["-ngl", "--n-gpu-layers"], noGpu, "0: no layer runs on a GPU"],
  repetitions: [["-r", "--repetitions"], numbers(1), "repetitions of each test (default 6; from 3 on with intervals)"],
  outputs: [["-o", "--output"], formatWords, "md (default), csv, json, jsonl, sql"],
  errorOutputs: [["-oe", "--output-err"], formatWords, "the same on standard error"],
  data: [["--data"], (text: string): string[] => [text], "data folder"],
} as const satisfies Record<string, Flag>;

type FlagName = keyof typeof valueFlags;

/** The values of the flags that were given. */
export type GivenFlags = { [Name in FlagName]?: ReturnType<(typeof valueFlags)[Name][1]> };

/** Flags without a value. */
const switches = {
  "--json": "the same as -o json",
  "--no-warmup": "no untimed run before",
  "--progress": "nothing more",
};

/** Flags of llama-bench that cannot be honoured, and why. */
const refusals: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    "-ncmoe --n-cpu-moe -sm --split-mode -mg --main-gpu -nkvo --no-kv-offload -dev --device --list-devices -ts --tensor-split -ot --override-tensor -nopo --no-op-offload --no-host -fitt --fit-target -fitc --fit-ctx -rpc --rpc"
      .split(" ")
      .map((name) => [name, "it is for GPUs and other devices; numalab computes on CPUs"]),
  ),
  ...Object.fromEntries(
    ["-hf", "-hfr", "--hf-repo", "-hff", "--hf-file", "-hft", "--hf-token", "--offline"].map((name) => [
      name,
      "get the file with `numalab model fetch` and name it",
    ]),
  ),
  "--numa": "the engines are bound by numalab itself; choose CPUs with -C",
  "-lzm": "weights are read whole, or mapped with --mmap 1",
  "--lazy-mode": "weights are read whole, or mapped with --mmap 1",
  "-dio": "weights are read whole, or mapped with --mmap 1",
  "--direct-io": "weights are read whole, or mapped with --mmap 1",
  "-embd": "time embeddings with an engine of the package",
  "--embeddings": "time embeddings with an engine of the package",
  "--delay": "tests are interleaved, not run one after another",
  "-v": "the engine's own words are shown where it fails",
  "--verbose": "the engine's own words are shown where it fails",
};

const nameOfFlag = new Map<string, FlagName>(
  (Object.keys(valueFlags) as FlagName[]).flatMap((name) => valueFlags[name][0].map((flag) => [flag, name] as const)),
);

/**
 * Reads the words of `numalab bench` as llama-bench does: each flag may stand there several times, and what is no flag is a
 * model file.
 * @throws {InvalidArgumentError} for a flag that is unknown or cannot be honoured, and a value that cannot be read
 */
export function readBenchWords(words: readonly string[]): { given: GivenFlags; switched: ReadonlySet<string> } {
  const given: Record<string, readonly unknown[]> = {};
  const switched = new Set<string>();
  const add = (name: FlagName, values: readonly unknown[]): void => {
    given[name] = [...(given[name] ?? []), ...values];
  };
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const flag = word.startsWith("--") ? word.replaceAll("_", "-") : word;
    const name = nameOfFlag.get(flag);
    if (name !== undefined) add(name, readValue(flag, { name, text: queue.shift() }));
    else if (Object.hasOwn(switches, flag)) switched.add(flag);
    else if (!word.startsWith("-")) add("models", [word]);
    else throw new InvalidArgumentError(refusalOf(flag));
  }
  return { given, switched };
}

function refusalOf(flag: string): string {
  const reason = Object.hasOwn(refusals, flag) ? refusals[flag] : undefined;
  return reason === undefined ? `unknown option '${flag}'` : `${flag} cannot be honoured: ${reason}.`;
}

function readValue(flag: string, { name, text }: { name: FlagName; text: string | undefined }): readonly unknown[] {
  if (text === undefined) throw new InvalidArgumentError(`${flag} has no value: ${valueFlags[name][2]}.`);
  try {
    return valueFlags[name][1](text);
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError)) throw cause;
    throw new InvalidArgumentError(`option '${flag} ${text}' is invalid. ${cause.message}`);
  }
}

/** The flags with what they mean, a line each. */
export function benchHelp(): string {
  const rows = Object.values(valueFlags).map(([names, , help]) => [names.join(", "), help] as const);
  const lines = [...rows, ...Object.entries(switches)].map(([names, help]) => `  ${names.padEnd(24)} ${help}`);
  return `\nFlags, as in llama-bench:\n${lines.join("\n")}\n\nSeveral values stand between commas, or as first-last, first-last+step or first-last*factor.\n`;
}
