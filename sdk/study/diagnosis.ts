import {
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
import { StudyError } from "./errors.ts";
import { evidenceOf } from "./evidence.ts";
import type { Sentence } from "./sentence.ts";
import { type Settings, settingsOf } from "./settings.ts";

/** One line of *What was measured*. */
export interface MeasuredRow extends SweepRow {
  /** Weight bytes that one decoded token reads. */
  readonly weightsBytesPerToken: number;
}

/** A question answered whole: what this machine gives, what to change, the evidence, the caveats. */
export interface Diagnosis {
  readonly study: string;
  readonly machine: Run["machine"];
  readonly answer: readonly Sentence[];
  readonly changes: readonly Sentence[];
  readonly settings: Settings | null;
  readonly measured: readonly MeasuredRow[];
  /** Read bandwidth by thread count, all samples. */
  readonly bandwidth: readonly { readonly threadsCount: number; readonly samples: readonly number[] }[];
  /** The warnings of the runs, one a code, of so many runs. */
  readonly warnings: readonly WarningCount[];
  readonly runsCount: number;
  /** Never empty. */
  readonly caveats: readonly Sentence[];
}

function measuredRowsOf(rows: readonly SweepRow[], runs: readonly Run[]): MeasuredRow[] {
  const names = modelNamesOf(runs);
  const models = runs.flatMap((run) => run.model ?? []);
  return rows.flatMap((row) => {
    const model = models.find((one) => names.get(modelKeyOf(one)) === row.model && one.quant === row.quant);
    return model === undefined ? [] : [{ ...row, weightsBytesPerToken: model.bytesPerToken }];
  });
}

/** All bandwidth samples by thread count: it is measured again and again between the rounds. */
function bandwidthOf(runs: readonly Run[]): Diagnosis["bandwidth"] {
  const samples = new Map<number, number[]>();
  for (const run of runs) {
    const { threadsCount } = run.spec;
    const known = samples.get(threadsCount) ?? [];
    if (run.samples.bytesPerSecond !== null) samples.set(threadsCount, [...known, ...run.samples.bytesPerSecond]);
  }
  return [...samples]
    .map(([threadsCount, values]) => ({ threadsCount, samples: values }))
    .sort((a, b) => a.threadsCount - b.threadsCount);
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
      `None of ${runs.length} runs timed a decode. Run \`numalab diagnose\` first, or name another records file.`,
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
    bandwidth: bandwidthOf(runs),
    warnings: warningCountsOf(runs),
    runsCount: runs.length,
    caveats: [...caveatsOf(evidence), ...comparability],
  };
}
