import {
  type Ceiling,
  ceilingsOf,
  groupsOf,
  isOutputSuspect,
  modelKeyOf,
  modelNamesOf,
  type Run,
  type SweepRow,
  throughputOf,
} from "../record/index.ts";
import { quantile } from "../stats/index.ts";
import { type Completeness, completenessOf } from "./completeness.ts";
import { labelOfModel } from "./label.ts";
import { type Load, loadOf } from "./load.ts";

/** One thread count of one model whose decode speed is known, with the decodes that gave it. */
export type DecodeRow = SweepRow & { readonly decodeTokensPerSecond: number; readonly runs: readonly Run[] };

/** One thread count of one model whose prompt speed is known. */
export type PrefillRow = SweepRow & { readonly prefillTokensPerSecond: number; readonly promptTokensCount: number };

/** What the runs say about one model. */
export interface ModelEvidence {
  /** Such as `qwen2.5-0.5b Q4_0`; no two models have the same. */
  readonly label: string;
  readonly model: NonNullable<Run["model"]>;
  /** By thread count. */
  readonly rows: readonly DecodeRow[];
  /** The fastest decode. */
  readonly best: DecodeRow;
  /** By thread count. */
  readonly prefills: readonly PrefillRow[];
  /** The fastest prefill, or null when none was timed. */
  readonly prefill: PrefillRow | null;
}

/** What the judgement rests on: numbers taken from runs alone. */
export interface Evidence {
  readonly machine: Run["machine"];
  readonly models: readonly ModelEvidence[];
  /** Runs that timed tokens, and how many of them carry a warning. */
  readonly runsCount: number;
  readonly warnedRunsCount: number;
  readonly completeness: Completeness;
  /** How much two successive single runs of the same cell differ: the median over all pairs. */
  readonly noiseFloorRatio: number | null;
  /** The most that any thread count read, one for each binding of the timed runs. */
  readonly ceilings: readonly Ceiling[];
  readonly load: Load;
  readonly bindingStates: readonly string[];
  readonly bindingWays: readonly string[];
  readonly origins: readonly string[];
  readonly drivers: readonly string[];
  /** Models of which runs computed what could not be text; such runs give no speed. */
  readonly suspects: readonly string[];
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/** Runs by cell, each group in order of repetition. */
function repetitionsOf(runs: readonly Run[]): Run[][] {
  const groups = groupsOf(runs, ({ kind, model, spec, plan }) =>
    JSON.stringify([kind, model === null ? null : modelKeyOf(model), spec, plan.cpus]),
  );
  return [...groups.values()].map((group) => group.sort((a, b) => a.repetitionIndex - b.repetitionIndex));
}

function noiseFloorOf(runs: readonly Run[]): number | null {
  const differences = repetitionsOf(runs).flatMap((group) =>
    group.slice(1).flatMap((run, index) => {
      const [a, b] = [throughputOf(run), throughputOf(group[index] ?? run)];
      return a === null || b === null ? [] : [Math.abs(Math.log(a / b))];
    }),
  );
  return differences.length === 0 ? null : quantile(differences, 0.5);
}

function decodeRowsOf(rows: readonly SweepRow[], runs: readonly Run[]): DecodeRow[] {
  return rows.flatMap((row) => {
    const { decodeTokensPerSecond, threadsCount } = row;
    const decodes = runs.filter(({ kind, spec }) => kind === "decode" && spec.threadsCount === threadsCount);
    const own = decodes.filter((run) => throughputOf(run) !== null);
    return decodeTokensPerSecond === null ? [] : [{ ...row, decodeTokensPerSecond, runs: own }];
  });
}

function prefillRowsOf(rows: readonly SweepRow[]): PrefillRow[] {
  return rows.flatMap((row) => {
    const { prefillTokensPerSecond, promptTokensCount } = row;
    if (prefillTokensPerSecond === null || promptTokensCount === null) return [];
    return [{ ...row, prefillTokensPerSecond, promptTokensCount }];
  });
}

/** The item with the highest rate, the first of equals; null of none. */
function fastestOf<Row>(rows: readonly Row[], rateOf: (row: Row) => number): Row | null {
  return rows.reduce<Row | null>((top, row) => (top === null || rateOf(row) > rateOf(top) ? row : top), null);
}

/** The evidence on the model of these runs, which `rows` summarize by thread count. */
function modelEvidenceOf(runs: readonly Run[], rows: readonly SweepRow[]): ModelEvidence | null {
  const model = runs[0]?.model;
  const decodes = decodeRowsOf(rows, runs);
  const best = fastestOf(decodes, (row) => row.decodeTokensPerSecond);
  if (model == null || best === null) return null;
  const prefills = prefillRowsOf(rows);
  const prefill = fastestOf(prefills, (row) => row.prefillTokensPerSecond);
  const label = labelOfModel({ name: best.model, quant: best.quant });
  return { label, model, rows: decodes, best, prefills, prefill };
}

/** Gathers the evidence from runs and their sweep rows; null when no run timed a decode. */
export function evidenceOf(runs: readonly Run[], rows: readonly SweepRow[]): Evidence | null {
  const timed = runs.filter((run) => run.kind !== "bandwidth");
  const ceilingOf = ceilingsOf(runs);
  const models = [...modelNamesOf(timed)].flatMap(([key, name]) => {
    const own = timed.filter(({ model }) => model !== null && modelKeyOf(model) === key);
    const quant = own[0]?.model?.quant ?? null;
    const ownRows = rows.filter((row) => row.model === name && row.quant === quant);
    return modelEvidenceOf(own, ownRows) ?? [];
  });
  const [first] = timed;
  if (first === undefined || models.length === 0) return null;
  return {
    machine: first.machine,
    models: models.sort((a, b) => a.label.localeCompare(b.label, "en", { numeric: true })),
    runsCount: timed.length,
    warnedRunsCount: timed.filter(({ warnings }) => warnings.length > 0).length,
    completeness: completenessOf(timed),
    noiseFloorRatio: noiseFloorOf(timed),
    ceilings: [...new Set(timed.flatMap((run) => ceilingOf(run) ?? []))],
    load: loadOf(timed),
    bindingStates: distinct(timed.flatMap((run) => run.binding?.state ?? [])),
    bindingWays: distinct(timed.map((run) => run.plan.bindingWay)),
    origins: distinct(timed.map((run) => run.origin)),
    drivers: distinct(timed.flatMap((run) => run.engine?.driver ?? [])),
    suspects: distinct(
      timed.filter(isOutputSuspect).flatMap(({ model }) => (model === null ? [] : labelOfModel(model))),
    ),
  };
}
