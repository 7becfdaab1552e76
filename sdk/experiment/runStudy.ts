import { tokensPerSecondOf } from "../inference/index.ts";
import { appendRun, type Run } from "../record/index.ts";
import { seededRandom, shuffle, summarize } from "../stats/index.ts";
import { bandwidthCeilingOf } from "./bandwidthRuns.ts";
import type { RunContext } from "./context.ts";
import { ExperimentError } from "./errors.ts";
import { idOf, runCell } from "./runCell.ts";
import type { Cell, Study } from "./study.ts";
import type { Subject } from "./subject.ts";

/** When to stop repeating. */
export interface StopRule {
  readonly minimumRoundsCount: number;
  readonly maximumRoundsCount: number;
  /** No round begins that would end after this. */
  readonly budgetSeconds: number;
  /** Every interval at most this wide to either side, relative to its estimate. */
  readonly intervalRatio: number;
}

/** The rule of `diagnose`: enough rounds for an exact interval, and about a minute and a half. */
export const defaultStopRule: StopRule = {
  minimumRoundsCount: 3,
  maximumRoundsCount: 20,
  budgetSeconds: 80,
  intervalRatio: 0.02,
};

/** How far a study is. */
export interface StudyProgress {
  readonly roundIndex: number;
  readonly doneRunsCount: number;
  readonly elapsedSeconds: number;
  readonly latest: Run;
}

/** Everything a study needs to go on. `runs` are those it already has. */
export interface StudyWork {
  readonly study: Study;
  readonly context: RunContext;
  /** One subject a (model, placement), in the order of `subjectIndexOf`. */
  readonly subjects: readonly Subject[];
  readonly runs: readonly Run[];
  readonly stop: StopRule;
}

/** Callbacks and cancellation. */
export interface StudyOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: StudyProgress) => void;
}

/** Which subject runs a cell. */
export function subjectIndexOf(study: Pick<Study, "placements">, cell: Cell): number {
  return cell.modelIndex * study.placements.length + cell.placementIndex;
}

function isNarrow(runs: readonly Run[], intervalRatio: number): boolean {
  const groups = new Map<string, number[]>();
  for (const run of runs) {
    if (run.kind === "bandwidth") continue;
    const key = JSON.stringify([run.kind, run.model?.name, run.model?.quant, run.spec]);
    groups.set(key, [...(groups.get(key) ?? []), throughputOf(run) ?? 0]);
  }
  return [...groups.values()]
    .map(summarize)
    .every(({ low, high, estimate }) => low !== null && high !== null && (high - low) / 2 <= intervalRatio * estimate);
}

/** Tokens a second of one run; null for a run that has none. */
export function throughputOf(run: Run): number | null {
  const tokensCount = run.spec.promptTokensCount ?? run.spec.generatedTokensCount;
  if (tokensCount === null || run.samples.tokenSeconds === null) return null;
  return tokensPerSecondOf({ tokensCount, tokenSeconds: run.samples.tokenSeconds });
}

function assertGoesOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new ExperimentError(
      "aborted",
      "The study was interrupted; finished runs are kept. Run the same command again: it goes on where it stopped.",
    );
  }
}

/**
 * Runs the cells of a study interleaved, each round in a new random order, until the intervals are narrow or the budget
 * ends. Runs that are already on record are skipped, so an interrupted study goes on where it stopped.
 * @throws {ExperimentError} `aborted`; the errors of the engine and of the records
 */
export async function runStudy(work: StudyWork, options: StudyOptions = {}): Promise<Run[]> {
  const { study, context, subjects, stop } = work;
  const runs = [...work.runs];
  const known = new Set(runs.map((run) => run.id));
  const startedAt = performance.now();
  const elapsedSeconds = (): number => (performance.now() - startedAt) / 1000;

  const runOnce = async (cell: Cell, roundIndex: number): Promise<void> => {
    assertGoesOn(options.signal);
    const subject = subjects[subjectIndexOf(study, cell)];
    const repetition = { cell, repetitionIndex: roundIndex };
    if (subject === undefined || known.has(idOf(context, subject, repetition))) return;
    const bandwidthBytesPerSecond = bandwidthCeilingOf(runs, subject.instance);
    const run = await runCell(context, subject, { ...repetition, bandwidthBytesPerSecond });
    await appendRun(context.recordsFile, run);
    runs.push(run);
    options.onProgress?.({ roundIndex, doneRunsCount: runs.length, elapsedSeconds: elapsedSeconds(), latest: run });
  };

  let roundSeconds = 0;
  for (let roundIndex = 0; roundIndex < stop.maximumRoundsCount; roundIndex++) {
    const isEnough = roundIndex >= stop.minimumRoundsCount && isNarrow(runs, stop.intervalRatio);
    const isLate = roundIndex >= stop.minimumRoundsCount && elapsedSeconds() + roundSeconds > stop.budgetSeconds;
    if (isEnough || isLate) break;
    const roundStartedAt = elapsedSeconds();
    for (const cell of shuffle(study.cells, seededRandom(study.randomSeed + roundIndex)))
      await runOnce(cell, roundIndex);
    roundSeconds = elapsedSeconds() - roundStartedAt;
  }
  return runs;
}
