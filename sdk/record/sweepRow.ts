import { cutShortOf } from "./cutShort.ts";
import { type Ceiling, ceilingsOf, type Place } from "./bandwidth.ts";
import { groupsOf } from "./groups.ts";
import { modelKeyOf, modelNamesOf } from "./modelName.ts";
import { isTimed, type ModelRun, rooflineOf } from "./roofline.ts";
import { isOutputSuspect } from "./outputSuspect.ts";
import type { Run } from "./run.ts";
import { summarizeThroughput } from "./throughput.ts";
import { warningCountsOf } from "./warningCounts.ts";

/** The columns of a sweep in order, with what each holds. Speeds, bandwidths and shares are estimates with 95 % intervals. */
export const sweepKinds = {
  /** Followed by the file's name where two files are called the same. */
  model: "string",
  quant: "string or null",
  /** Whether the weights are made up; shape and speed are real. */
  synthetic: "boolean",
  threadsCount: "number",
  decodeTokensPerSecond: "number or null",
  decodeLowTokensPerSecond: "number or null",
  decodeHighTokensPerSecond: "number or null",
  prefillTokensPerSecond: "number or null",
  prefillLowTokensPerSecond: "number or null",
  prefillHighTokensPerSecond: "number or null",
  /** The length of the prompt whose reading was timed. */
  promptTokensCount: "number or null",
  /** What decoding reads: the weights and the cache. */
  decodeBytesPerSecond: "number or null",
  /** The most that any thread count read of this memory: one value with its interval for each study and binding. */
  bandwidthBytesPerSecond: "number or null",
  bandwidthLowBytesPerSecond: "number or null",
  bandwidthHighBytesPerSecond: "number or null",
  /** Decode could go no faster with this bandwidth. */
  ceilingTokensPerSecond: "number or null",
  /** Share of the most that any thread count read: decode over the ceiling. The ends hold the intervals of both. */
  decodeRooflineRatio: "number or null",
  decodeRooflineLowRatio: "number or null",
  decodeRooflineHighRatio: "number or null",
  /** Runs that gave a speed, of the kind that has more of them. */
  repetitionsCount: "number",
  /** The sentences of the warnings, one a line; empty when there are none. */
  warnings: "string",
} as const;

interface Values {
  readonly string: string;
  readonly "string or null": string | null;
  readonly boolean: boolean;
  readonly number: number;
  readonly "number or null": number | null;
}

/** One thread count of one model in a sweep, summarized. Missing is null. */
export type SweepRow = { readonly [Column in keyof typeof sweepKinds]: Values[(typeof sweepKinds)[Column]] };

/** A line when runs that make one estimate were not asked for the same. */
function mixedLines(runs: readonly Run[], kind: Run["kind"]): string[] {
  const specsCount = new Set(runs.map(({ spec }) => JSON.stringify(spec))).size;
  if (specsCount < 2) return [];
  return [
    `These ${kind} runs differ: ${specsCount} sets of CPUs, prompt, tokens or depth. Make one frame of each set.`,
  ];
}

/** Lines that say how many runs gave no speed, and why. */
function exclusionLines(runs: readonly Run[], decodes: readonly Run[]): string[] {
  const cutCount = decodes.filter((run) => cutShortOf(run)?.isExcluded).length;
  const suspectCount = runs.filter(isOutputSuspect).length;
  return [
    ...(cutCount === 0 ? [] : [`${cutCount} of ${decodes.length} decode runs excluded: cut short.`]),
    ...(suspectCount === 0 ? [] : [`${suspectCount} of ${runs.length} runs excluded: what they computed is no text.`]),
  ];
}

/** A line for each code among the warnings of the runs: the last of its sentences, and how many runs have it. */
function warningLines(runs: readonly Run[]): string[] {
  return warningCountsOf(runs).map(({ message, runsCount }) => `${message} (${runsCount} of ${runs.length} runs)`);
}

/** The row of runs of one model at one thread count. */
function sweepRowOf(
  runs: readonly ModelRun[],
  { model, spec }: ModelRun,
  { name, ceilingOf }: { readonly name: string; readonly ceilingOf: (place: Place) => Ceiling | null },
): SweepRow {
  const decodes = runs.filter(({ kind }) => kind === "decode");
  const prefills = runs.filter(({ kind }) => kind === "prefill");
  const [decode, prefill] = [summarizeThroughput(decodes), summarizeThroughput(prefills)];
  return {
    model: name,
    quant: model.quant,
    synthetic: model.synthetic,
    threadsCount: spec.threadsCount,
    decodeTokensPerSecond: decode.estimate,
    decodeLowTokensPerSecond: decode.low,
    decodeHighTokensPerSecond: decode.high,
    prefillTokensPerSecond: prefill.estimate,
    prefillLowTokensPerSecond: prefill.low,
    prefillHighTokensPerSecond: prefill.high,
    promptTokensCount: prefills[0]?.spec.promptTokensCount ?? null,
    ...rooflineOf(decodes, ceilingOf),
    repetitionsCount: Math.max(decode.count, prefill.count),
    warnings: [
      ...mixedLines(decodes, "decode"),
      ...mixedLines(prefills, "prefill"),
      ...exclusionLines(runs, decodes),
      ...warningLines(runs),
    ].join("\n"),
  };
}

const byModelAndThreads = (a: SweepRow, b: SweepRow) =>
  a.model.localeCompare(b.model) || (a.quant ?? "").localeCompare(b.quant ?? "") || a.threadsCount - b.threadsCount;

/** A row for each model file and thread count that decode or prefill runs were made with, in that order. */
export function toSweepRows(runs: readonly Run[]): SweepRow[] {
  const names = modelNamesOf(runs);
  const ceilingOf = ceilingsOf(runs);
  const groups = groupsOf(runs.filter(isTimed), ({ model, spec }) =>
    JSON.stringify([modelKeyOf(model), spec.threadsCount]),
  );
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const name = names.get(modelKeyOf(first.model)) ?? first.model.name;
      return [sweepRowOf(group, first, { name, ceilingOf })];
    })
    .sort(byModelAndThreads);
}
