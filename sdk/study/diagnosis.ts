import type { SweepRow } from "../frame/index.ts";
import { comparabilityOf, type Run } from "../record/index.ts";
import { answerOf } from "./answer.ts";
import { caveatsOf } from "./caveats.ts";
import { changesOf, type Settings, settingsOf } from "./changes.ts";
import { StudyError } from "./errors.ts";
import { evidenceOf } from "./evidence.ts";
import type { Sentence } from "./sentence.ts";

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
  /** Never empty. */
  readonly caveats: readonly Sentence[];
}

function measuredRowsOf(rows: readonly SweepRow[], runs: readonly Run[]): MeasuredRow[] {
  return rows.flatMap((row) => {
    const models = runs.flatMap((run) => run.model ?? []);
    const model = models.find(({ name, quant }) => name === row.model && quant === row.quant);
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

/**
 * The diagnosis that these runs support: sentences chosen by rules over their numbers, the same for recorded runs as for
 * those just measured.
 * @throws {StudyError} `nothing-measured` when no run timed a decode
 */
export async function diagnosisOf(runs: readonly Run[]): Promise<Diagnosis> {
  const { toSweepRows } = await import("../frame/index.ts");
  const rows = toSweepRows(runs);
  const evidence = evidenceOf(runs, rows);
  if (evidence === null) {
    throw new StudyError(
      "nothing-measured",
      `None of ${runs.length} runs timed a decode. Run \`numalab diagnose\` first, or name another records file.`,
    );
  }
  const timed = runs.find((run) => run.kind === "decode");
  const comparability = comparabilityOf(runs).map(({ code, message }) => ({ rule: code, text: message }));
  return {
    study: runs[0]?.study ?? "",
    machine: evidence.machine,
    answer: answerOf(evidence),
    changes: changesOf(evidence),
    settings: settingsOf(evidence, timed?.plan.prefix ?? []),
    measured: measuredRowsOf(rows, runs),
    bandwidth: bandwidthOf(runs),
    caveats: [...caveatsOf(evidence), ...comparability],
  };
}
