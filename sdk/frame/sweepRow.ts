import { type Run, throughputOf } from "../record/index.ts";
import { summarizeRates } from "../stats/index.ts";
import { ceilingOf } from "./runRow.ts";

/** One thread count of one model in a sweep, summarized: estimates with their 95 % intervals. Missing is null. */
export interface SweepRow {
  readonly model: string;
  readonly quant: string | null;
  /** Whether the weights are made up; shape and speed are real. */
  readonly synthetic: boolean;
  readonly threadsCount: number;
  readonly decodeTokensPerSecond: number | null;
  readonly decodeLowTokensPerSecond: number | null;
  readonly decodeHighTokensPerSecond: number | null;
  readonly prefillTokensPerSecond: number | null;
  readonly prefillLowTokensPerSecond: number | null;
  readonly prefillHighTokensPerSecond: number | null;
  /** Decode can go no faster: the highest ceiling of the runs, which learn of it as bandwidth is measured again. */
  readonly ceilingTokensPerSecond: number | null;
  /** What decoding reads of the weights. */
  readonly decodeBytesPerSecond: number | null;
  readonly decodeRooflineRatio: number | null;
  /** Runs of the kind that has more of them. */
  readonly repetitionsCount: number;
  /** The sentences of the warnings, one a line; empty when there are none. */
  readonly warnings: string;
}

/** The names of the columns of a sweep, in order. */
export const sweepColumns = [
  "model",
  "quant",
  "synthetic",
  "threadsCount",
  "decodeTokensPerSecond",
  "decodeLowTokensPerSecond",
  "decodeHighTokensPerSecond",
  "prefillTokensPerSecond",
  "prefillLowTokensPerSecond",
  "prefillHighTokensPerSecond",
  "ceilingTokensPerSecond",
  "decodeBytesPerSecond",
  "decodeRooflineRatio",
  "repetitionsCount",
  "warnings",
] as const satisfies readonly (keyof SweepRow)[];

type ModelRun = Run & { readonly model: NonNullable<Run["model"]> };

const isTimed = (run: Run): run is ModelRun => run.kind !== "bandwidth" && run.model !== null;
const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

/** Estimate and interval of the tokens a second of some runs, all null when there are none. */
function summaryOf(runs: readonly Run[]): { readonly [End in "estimate" | "low" | "high"]: number | null } {
  const samples = known(runs.map(throughputOf));
  return samples.length === 0 ? { estimate: null, low: null, high: null } : summarizeRates(samples);
}

/** A line when runs that make one estimate were not asked for the same. */
function mixedLines(runs: readonly Run[], kind: Run["kind"]): string[] {
  const specsCount = new Set(runs.map(({ spec }) => JSON.stringify(spec))).size;
  if (specsCount < 2) return [];
  return [
    `These ${kind} runs differ: ${specsCount} sets of CPUs, prompt, tokens or depth. Make one frame of each set.`,
  ];
}

/** A line for each code among the warnings of the runs: the last of its sentences, and how many runs have it. */
function warningLines(runs: readonly Run[]): string[] {
  const byCode = new Map<string, string[]>();
  for (const { code, message } of runs.flatMap(({ warnings }) => warnings)) {
    byCode.set(code, [...(byCode.get(code) ?? []), message]);
  }
  return [...byCode.values()].map((messages) => `${messages.at(-1)} (${messages.length} of ${runs.length} runs)`);
}

/** The row of runs of one model at one thread count. */
function sweepRowOf(runs: readonly ModelRun[], { model, spec }: ModelRun): SweepRow {
  const decodes = runs.filter(({ kind }) => kind === "decode");
  const prefills = runs.filter(({ kind }) => kind === "prefill");
  const [decode, prefill] = [summaryOf(decodes), summaryOf(prefills)];
  const ceilings = known(decodes.map(ceilingOf));
  const ceiling = ceilings.length === 0 ? null : Math.max(...ceilings);
  return {
    model: model.name,
    quant: model.quant,
    synthetic: model.synthetic,
    threadsCount: spec.threadsCount,
    decodeTokensPerSecond: decode.estimate,
    decodeLowTokensPerSecond: decode.low,
    decodeHighTokensPerSecond: decode.high,
    prefillTokensPerSecond: prefill.estimate,
    prefillLowTokensPerSecond: prefill.low,
    prefillHighTokensPerSecond: prefill.high,
    ceilingTokensPerSecond: ceiling,
    decodeBytesPerSecond: decode.estimate === null ? null : decode.estimate * model.bytesPerToken,
    decodeRooflineRatio: decode.estimate === null || ceiling === null ? null : decode.estimate / ceiling,
    repetitionsCount: Math.max(decodes.length, prefills.length),
    warnings: [...mixedLines(decodes, "decode"), ...mixedLines(prefills, "prefill"), ...warningLines(runs)].join("\n"),
  };
}

const byModelAndThreads = (a: SweepRow, b: SweepRow) =>
  a.model.localeCompare(b.model) || (a.quant ?? "").localeCompare(b.quant ?? "") || a.threadsCount - b.threadsCount;

/** A row for each model, quantization and thread count that decode or prefill runs were made with, in that order. */
export function toSweepRows(runs: readonly Run[]): SweepRow[] {
  const groups = new Map<string, ModelRun[]>();
  for (const run of runs.filter(isTimed)) {
    const key = JSON.stringify([run.model.name, run.model.quant, run.spec.threadsCount]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()]
    .flatMap((group) => (group[0] === undefined ? [] : sweepRowOf(group, group[0])))
    .sort(byModelAndThreads);
}
