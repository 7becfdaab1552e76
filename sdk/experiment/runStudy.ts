import { appendRun, ceilingsOf, type Run } from "../record/index.ts";
import { seededRandom, shuffle } from "../stats/index.ts";
import { bandwidthIdOf, measureBandwidthRuns } from "./bandwidthRuns.ts";
import type { RunContext } from "./context.ts";
import { ExperimentError } from "./errors.ts";
import { idOf, runCell } from "./runCell.ts";
import { type StopRule, wantsRound } from "./stopRule.ts";
import type { Cell, Study } from "./study.ts";
import type { Subject } from "./subject.ts";
import type { Placement } from "./sweep.ts";

/** How far a study is. */
export interface StudyProgress {
  readonly roundIndex: number;
  readonly doneRunsCount: number;
  readonly elapsedSeconds: number;
  /** The run that just ended. */
  readonly latest: Run;
}

/** Everything a study needs to go on. */
export interface StudyWork {
  readonly study: Study;
  readonly context: RunContext;
  readonly placements: readonly Placement[];
  /** In the order of models; within a model, of placements. */
  readonly subjects: readonly Subject[];
  /** The runs that the study already has. */
  readonly runs: readonly Run[];
  readonly stop: StopRule;
}

/** Callbacks and cancellation. */
export interface StudyOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: StudyProgress) => void;
}

/** Bandwidth is measured before every so many rounds and after the last: it may change over minutes. */
const roundsPerBandwidth = 3;

function assertGoesOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new ExperimentError(
    "aborted",
    "The study was interrupted; finished runs are kept. Run the same command again: it goes on where it stopped.",
  );
}

/** One thing to do in a round: known runs are skipped by their id. */
interface Step {
  readonly id: string;
  readonly measure: (runs: readonly Run[]) => Promise<Run[]>;
}

function bandwidthSteps({ context, placements }: StudyWork, roundIndex: number, signal?: AbortSignal): Step[] {
  return placements.map((placement) => ({
    id: bandwidthIdOf(context, placement, roundIndex),
    measure: () =>
      measureBandwidthRuns(context, {
        placement,
        repetitionIndex: roundIndex,
        ...(signal === undefined ? {} : { signal }),
      }),
  }));
}

function cellStep({ context, placements, subjects }: StudyWork, cell: Cell, repetitionIndex: number): Step[] {
  const subject = subjects[cell.modelIndex * placements.length + cell.placementIndex];
  if (subject === undefined) return [];
  const repetition = { cell, repetitionIndex };
  return [
    {
      id: idOf(context, subject, repetition),
      measure: async (runs) => {
        const ceiling = ceilingsOf(runs)({ study: context.study, plan: subject.instance });
        const bandwidthBytesPerSecond = ceiling?.bytesPerSecond ?? null;
        return [await runCell(context, subject, { ...repetition, bandwidthBytesPerSecond })];
      },
    },
  ];
}

function stepsOf(work: StudyWork, roundIndex: number, signal?: AbortSignal): Step[] {
  const { cells, randomSeed } = work.study;
  const order = shuffle(cells, seededRandom(randomSeed + roundIndex));
  const bandwidth = roundIndex % roundsPerBandwidth === 0 ? bandwidthSteps(work, roundIndex, signal) : [];
  return [...bandwidth, ...order.flatMap((cell) => cellStep(work, cell, roundIndex))];
}

/**
 * Runs the cells of a study interleaved, each round in a new random order, until the intervals are narrow or the budget
 * ends; bandwidth is measured in between and at the end. Every run is recorded as it ends. Runs that are already on
 * record are skipped, so an interrupted study goes on where it stopped.
 * @throws {ExperimentError} `aborted`; the errors of the engine and of the records
 */
export async function runStudy(work: StudyWork, options: StudyOptions = {}): Promise<Run[]> {
  const { context, stop } = work;
  const runs = [...work.runs];
  const known = new Set(runs.map((run) => run.id));
  const startedAt = performance.now();
  const elapsedSeconds = (): number => (performance.now() - startedAt) / 1000;
  const perform = async (steps: readonly Step[], roundIndex: number): Promise<void> => {
    for (const step of steps) {
      assertGoesOn(options.signal);
      if (known.has(step.id)) continue;
      for (const run of await step.measure(runs)) {
        await appendRun(context.recordsFile, run);
        runs.push(run);
        options.onProgress?.({ roundIndex, doneRunsCount: runs.length, elapsedSeconds: elapsedSeconds(), latest: run });
      }
    }
  };
  let [roundIndex, roundSeconds] = [0, 0];
  while (wantsRound(stop, { roundIndex, elapsedSeconds: elapsedSeconds(), roundSeconds, runs })) {
    const roundStartedAt = elapsedSeconds();
    await perform(stepsOf(work, roundIndex, options.signal), roundIndex);
    roundSeconds = elapsedSeconds() - roundStartedAt;
    roundIndex += 1;
  }
  await perform(bandwidthSteps(work, roundIndex, options.signal), roundIndex);
  return runs;
}
