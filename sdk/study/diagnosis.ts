import {
  type Bandwidth,
  bandwidthsOf,
  comparabilityOf,
  modelKeyOf,
  modelNamesOf,
  type Run,
  type SweepRow,
  toSweepRows,
  type WarningCount,
  warningCountsOf,
} from "../record/index.ts";
import { answerOf } from "./answer.ts";
import { caveatsOf } from "./caveats.ts";
import { changesOf } from "./changes.ts";
import { completenessOf } from "./completeness.ts";
import { StudyError } from "./errors.ts";
import { evidenceOf } from "./evidence.ts";
import type { Sentence } from "./sentence.ts";
import { type Settings, settingsOf } from "./settings.ts";

/** One line of *What was measured*. */
export interface MeasuredRow extends SweepRow {
  /** Weight bytes that one decoded token reads. */
  readonly weightsBytesPerToken: number;
  /** Decodes that were cut too short for a speed. */
  readonly excludedRunsCount: number;
}

/** A warning with how many of the runs that timed tokens carry it, and how many of those that measured bandwidth. */
export interface DiagnosedWarning extends WarningCount {
  readonly bandwidthRunsCount: number;
}

/** A question answered whole: what this machine gives, what to change, the evidence, the caveats. */
export interface Diagnosis {
  readonly study: string;
  readonly machine: Run["machine"];
  readonly answer: readonly Sentence[];
  readonly changes: readonly Sentence[];
  readonly settings: Settings | null;
  readonly measured: readonly MeasuredRow[];
  /** What each thread count read of memory; the largest of a binding is its ceiling. */
  readonly bandwidth: readonly Bandwidth[];
  /** The warnings of all runs, one a code. */
  readonly warnings: readonly DiagnosedWarning[];
  /** Runs that timed tokens. */
  readonly runsCount: number;
  readonly bandwidthRunsCount: number;
  /** Never empty. */
  readonly caveats: readonly Sentence[];
}

function measuredRowsOf(rows: readonly SweepRow[], runs: readonly Run[]): MeasuredRow[] {
  const names = modelNamesOf(runs);
  const models = runs.flatMap((run) => run.model ?? []);
  return rows.flatMap((row) => {
    const model = models.find((one) => names.get(modelKeyOf(one)) === row.model && one.quant === row.quant);
    if (model === undefined) return [];
    const own = runs.filter((run) => run.model !== null && modelKeyOf(run.model) === modelKeyOf(model));
    const { excludedCount } = completenessOf(own.filter(({ spec }) => spec.threadsCount === row.threadsCount));
    return [{ ...row, weightsBytesPerToken: model.bytesPerToken, excludedRunsCount: excludedCount }];
  });
}

const isBandwidth = ({ kind }: Run): boolean => kind === "bandwidth";

function warningsOf(runs: readonly Run[]): DiagnosedWarning[] {
  return warningCountsOf(runs).map((warning) => {
    const own = runs.filter(({ warnings }) => warnings.some(({ code }) => code === warning.code));
    const bandwidthRunsCount = own.filter(isBandwidth).length;
    return { ...warning, runsCount: own.length - bandwidthRunsCount, bandwidthRunsCount };
  });
}

function assertOneStudy(runs: readonly Run[]): void {
  const studies = [...new Set(runs.map(({ study }) => study))];
  if (studies.length < 2) return;
  throw new StudyError(
    "several-studies",
    `These runs are of ${studies.length} studies (${studies.join(", ")}); a diagnosis speaks of one. Name the folder of one study; to compare several, make a frame of their runs.`,
    { facts: { studies } },
  );
}

/** Says so when there are decodes, all of them too short. */
function cutText(runs: readonly Run[]): string {
  const { excludedCount } = completenessOf(runs);
  return excludedCount === 0 ? "" : ` long enough; ${excludedCount} were cut short and are excluded`;
}

/**
 * The diagnosis that these runs support: sentences chosen by rules over their numbers, the same for recorded runs as for
 * those just measured.
 * @throws {StudyError} `nothing-measured` when no run timed a decode; `several-studies`
 */
export function diagnosisOf(runs: readonly Run[]): Diagnosis {
  assertOneStudy(runs);
  const rows = toSweepRows(runs);
  const evidence = evidenceOf(runs, rows);
  if (evidence === null) {
    throw new StudyError(
      "nothing-measured",
      `None of ${runs.length} runs timed a decode${cutText(runs)}. Run \`numalab diagnose\` first, or name another records file.`,
    );
  }
  const comparability = comparabilityOf(runs).map(({ code, message }) => ({ rule: code, text: message }));
  return {
    study: runs[0]?.study ?? "",
    machine: evidence.machine,
    answer: answerOf(evidence),
    changes: changesOf(evidence),
    settings: settingsOf(evidence),
    measured: measuredRowsOf(rows, runs),
    bandwidth: bandwidthsOf(runs).sort((a, b) => a.threadsCount - b.threadsCount),
    warnings: warningsOf(runs),
    runsCount: evidence.runsCount,
    bandwidthRunsCount: runs.filter(isBandwidth).length,
    caveats: [...caveatsOf(evidence), ...comparability],
  };
}
