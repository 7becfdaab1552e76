import type { SweepRow } from "../frame/index.ts";
import { type Run, throughputOf } from "../record/index.ts";
import { quantile } from "../stats/index.ts";

/** One thread count of one model whose decode speed is known. */
export type DecodeRow = SweepRow & { readonly decodeTokensPerSecond: number };

/** What the runs say about one model. */
export interface ModelEvidence {
  /** Such as `qwen2.5-0.5b Q4_0`. */
  readonly label: string;
  readonly model: NonNullable<Run["model"]>;
  /** By thread count. */
  readonly rows: readonly DecodeRow[];
  /** The fastest decode. */
  readonly best: DecodeRow;
  /** The fastest prefill, or null when none was timed. */
  readonly prefill: {
    readonly threadsCount: number;
    readonly tokensPerSecond: number;
    readonly promptTokensCount: number;
  } | null;
}

/** What the judgement rests on: numbers taken from runs alone. */
export interface Evidence {
  readonly machine: Run["machine"];
  readonly models: readonly ModelEvidence[];
  /** The best read bandwidth that this memory was seen to give; null when it was not measured. */
  readonly bandwidthBytesPerSecond: number | null;
  readonly runsCount: number;
  /** How much two successive runs of the same cell differ: the median over all pairs. */
  readonly noiseFloorRatio: number | null;
  /** Medians over the runs. */
  readonly stealRatio: number | null;
  readonly foreignCpuRatio: number | null;
  readonly throttledRatio: number | null;
  readonly bindingStates: readonly string[];
  readonly bindingWays: readonly string[];
  readonly origins: readonly string[];
  readonly drivers: readonly string[];
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

function medianOrNull(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value): value is number => typeof value === "number");
  return known.length === 0 ? null : quantile(known, 0.5);
}

/** Runs by cell, each group in order of repetition. */
function repetitionsOf(runs: readonly Run[]): Run[][] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.kind, run.model?.name, run.model?.quant, run.spec, run.plan.cpus]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((group) => group.sort((a, b) => a.repetitionIndex - b.repetitionIndex));
}

function noiseFloorOf(runs: readonly Run[]): number | null {
  const differences = repetitionsOf(runs).flatMap((group) =>
    group.slice(1).map((run, index) => {
      const [a, b] = [throughputOf(run), throughputOf(group[index] ?? run)];
      return a === null || b === null ? null : Math.abs(Math.log(a / b));
    }),
  );
  return medianOrNull(differences);
}

function prefillOf(rows: readonly SweepRow[], runs: readonly Run[]): ModelEvidence["prefill"] {
  const known = rows.filter((row) => row.prefillTokensPerSecond !== null);
  const best = known.reduce<SweepRow | null>(
    (top, row) => ((row.prefillTokensPerSecond ?? 0) > (top?.prefillTokensPerSecond ?? 0) ? row : top),
    null,
  );
  const promptTokensCount = runs.find((run) => run.spec.promptTokensCount !== null)?.spec.promptTokensCount;
  if (best?.prefillTokensPerSecond == null || promptTokensCount == null) return null;
  return { threadsCount: best.threadsCount, tokensPerSecond: best.prefillTokensPerSecond, promptTokensCount };
}

const isDecodeRow = (row: SweepRow): row is DecodeRow => row.decodeTokensPerSecond !== null;

function modelEvidenceOf(runs: readonly Run[], rows: readonly SweepRow[]): ModelEvidence | null {
  const model = runs[0]?.model;
  const decodes = rows.filter(isDecodeRow).sort((a, b) => a.threadsCount - b.threadsCount);
  const [first] = decodes;
  if (model == null || first === undefined) return null;
  const best = decodes.reduce((top, row) => (row.decodeTokensPerSecond > top.decodeTokensPerSecond ? row : top), first);
  return { label: labelOfModel(model), model, rows: decodes, best, prefill: prefillOf(rows, runs) };
}

/** A model's name with its quantization; that its weights are synthetic is said elsewhere. */
export function labelOfModel({ name, quant }: Pick<NonNullable<Run["model"]>, "name" | "quant">): string {
  const plain = name.replace(/ \(synthetic\)/, "");
  return quant === null || plain.toLowerCase().includes(quant.toLowerCase()) ? plain : `${plain} ${quant}`;
}

/** Gathers the evidence from runs and their sweep rows; null when no run timed a decode. */
export function evidenceOf(runs: readonly Run[], rows: readonly SweepRow[]): Evidence | null {
  const timed = runs.filter((run) => run.kind !== "bandwidth");
  const labels = distinct(rows.map((row) => labelOfModel({ name: row.model, quant: row.quant })));
  const models = labels.flatMap((label) => {
    const own = timed.filter((run) => run.model !== null && labelOfModel(run.model) === label);
    const ownRows = rows.filter((row) => labelOfModel({ name: row.model, quant: row.quant }) === label);
    return modelEvidenceOf(own, ownRows) ?? [];
  });
  const [first] = timed;
  if (first === undefined || models.length === 0) return null;
  const bandwidths = timed.flatMap((run) => run.ceilings.bandwidthBytesPerSecond ?? []);
  return {
    machine: first.machine,
    models,
    bandwidthBytesPerSecond: bandwidths.length === 0 ? null : Math.max(...bandwidths),
    runsCount: timed.length,
    noiseFloorRatio: noiseFloorOf(timed),
    stealRatio: medianOrNull(timed.map((run) => run.environment?.stealRatio)),
    foreignCpuRatio: medianOrNull(timed.map((run) => run.environment?.foreignCpuRatio)),
    throttledRatio: medianOrNull(timed.map((run) => run.environment?.throttledRatio)),
    bindingStates: distinct(timed.flatMap((run) => run.binding?.state ?? [])),
    bindingWays: distinct(timed.map((run) => run.plan.bindingWay)),
    origins: distinct(timed.map((run) => run.origin)),
    drivers: distinct(timed.flatMap((run) => run.engine?.driver ?? [])),
  };
}
