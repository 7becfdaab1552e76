import { counted } from "../units/index.ts";
import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  type Cell,
  defaultStopRule,
  findUnfinishedStudy,
  type IdentifiedModel,
  identifyModel,
  type Placement,
  planPlacements,
  readContext,
  runStudy,
  startSubject,
  type StopRule,
  type Study,
  type StudyProgress,
  type StudyWork,
  type Subject,
  type SubjectEngine,
  timeCell,
  writeStudy,
} from "../experiment/index.ts";
import { probeBindingWay } from "../launch/index.ts";
import type { Model } from "../model/index.ts";
import { labelOfModel } from "./label.ts";
import { assertFits } from "./memory.ts";
import { readRuns, recordsFile, type Run, studyId } from "../record/index.ts";
import { type Topology, topologyDigest } from "../topology/index.ts";

/** What is being done; `doneRatio` is null where the end is not known. */
export interface ConductProgress {
  readonly phase: "machine" | "models" | "engines" | "runs";
  readonly message: string;
  readonly doneRatio: number | null;
}

/** Where a study keeps its runs, and how it tells what it does. */
export interface ConductOptions {
  readonly runsFolder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ConductProgress) => void;
}

/** A question about models on this machine, ready to be measured. */
export interface Question {
  /** Part of the study's id. */
  readonly name: string;
  readonly topology: Topology;
  readonly models: readonly Model[];
  readonly threadCounts?: readonly number[];
  /** The CPUs of all thread counts; default: those that suit each. */
  readonly cpus?: string;
  /** How the engines start. */
  readonly engine?: SubjectEngine;
  readonly stop?: Partial<StopRule>;
  /** Whether every cell runs once untimed before the first round, as in llama-bench; a decode for one token. */
  readonly isWarmedUp?: boolean;
  /** Begin anew even where an unfinished study of the same question lies. */
  readonly fresh?: boolean;
  /** Chooses the cells once the engines run; whatever else it depends on belongs in `lengths`. */
  readonly planCells: (work: SweepWork) => Promise<Cell[]> | Cell[];
  readonly lengths?: unknown;
}

/** What cells are planned over: subjects in the order of models, within a model of placements. */
export interface SweepWork {
  readonly models: readonly IdentifiedModel[];
  readonly placements: readonly Placement[];
  readonly subjects: readonly Subject[];
}

/** A conducted study: all its runs, and where they lie. */
export interface Conducted {
  readonly runs: readonly Run[];
  readonly recordsFolder: string;
  /** True when an interrupted study was continued. */
  readonly resumed: boolean;
}

function questionDigestOf(
  { name, topology, lengths, engine }: Question,
  { models, placements }: Pick<SweepWork, "models" | "placements">,
): string {
  const asked = [
    name,
    topologyDigest(topology),
    models.map(({ path, fileDigest }) => [path, fileDigest]),
    placements,
    lengths ?? null,
    ...(engine === undefined ? [] : [engine]),
  ];
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex").slice(0, 16);
}

async function closeSubjects(subjects: readonly Subject[]): Promise<void> {
  await Promise.all(subjects.map((subject) => subject.engine.close()));
}

async function startSubjects(
  { models, placements }: Pick<SweepWork, "models" | "placements">,
  options: Parameters<typeof startSubject>[2],
): Promise<Subject[]> {
  const subjects: Subject[] = [];
  try {
    for (const model of models) {
      for (const placement of placements) subjects.push(await startSubject(model, placement.instance, options));
    }
    return subjects;
  } catch (cause) {
    await closeSubjects(subjects);
    throw cause;
  }
}

async function beginStudy(question: Question, work: SweepWork, runsFolder: string): Promise<Study> {
  const now = new Date();
  const study: Study = {
    schema: "study/1",
    id: studyId(now, question.name),
    question: questionDigestOf(question, work),
    randomSeed: now.getTime() % 2 ** 31,
    modelPaths: work.models.map((model) => model.path),
    placements: work.placements.map((placement) => placement.instance),
    cells: await question.planCells(work),
    startedAt: now.toISOString(),
    finishedAt: null,
  };
  await writeStudy(runsFolder, study);
  return study;
}

function runProgressOf({ roundIndex, elapsedSeconds, latest }: StudyProgress, budgetSeconds: number): ConductProgress {
  const { model, spec, kind } = latest;
  const threads = counted(spec.threadsCount, "thread");
  const what = model === null ? kind : `${labelOfModel(model)}, ${kind}`;
  const message = `round ${roundIndex + 1}: ${what}, ${threads}`;
  return { phase: "runs", message, doneRatio: Math.min(1, elapsedSeconds / budgetSeconds) };
}

async function warmUp({ study, subjects, placements }: Pick<StudyWork, "study" | "subjects" | "placements">) {
  for (const cell of study.cells) {
    const subject = subjects[cell.modelIndex * placements.length + cell.placementIndex];
    const tokensCount = cell.kind === "prefill" ? cell.tokensCount : 1;
    if (subject !== undefined) await timeCell(subject.engine, { ...cell, depthTokensCount: 0, tokensCount });
  }
}

/**
 * Measures a question: bound engines, this machine's bandwidth, cells interleaved in random order, every run recorded as
 * it ends. An unfinished study of the same question goes on where it stopped.
 * @throws {LaunchError} {EngineError} {RecordError} {ExperimentError} `aborted`
 */
export async function conductStudy(question: Question, options: ConductOptions): Promise<Conducted> {
  const { topology, threadCounts, cpus, engine } = question;
  const { runsFolder, signal } = options;
  const { way: bindingWay } = await probeBindingWay(topology);
  const chosen = { ...(threadCounts === undefined ? {} : { threadCounts }), ...(cpus === undefined ? {} : { cpus }) };
  const placements = planPlacements({ bindingWay, ...chosen }, topology);
  assertFits(question.models, { placements, topology });
  const models = await Promise.all(question.models.map(identifyModel));
  const planned = { models, placements };
  const unfinished =
    question.fresh === true ? null : findUnfinishedStudy(runsFolder, questionDigestOf(question, planned));

  options.onProgress?.({ phase: "engines", message: "starting and binding the engines", doneRatio: null });
  const cancellable = signal === undefined ? {} : { signal };
  const subjects = await startSubjects(planned, { ...cancellable, ...(engine === undefined ? {} : { engine }) });
  try {
    const study = unfinished ?? (await beginStudy(question, { ...planned, subjects }, runsFolder));
    const recordsFolder = join(runsFolder, study.id);
    const known = unfinished === null ? [] : (await readRuns(recordsFolder)).runs;
    const context = await readContext(topology, {
      study: study.id,
      randomSeed: study.randomSeed,
      recordsFile: recordsFile(runsFolder, study.id),
    });
    const stop = { ...defaultStopRule, ...question.stop };
    const work = { study, context, placements, subjects, stop, runs: known };
    const onProgress = (progress: StudyProgress): void =>
      options.onProgress?.(runProgressOf(progress, stop.budgetSeconds));
    if (question.isWarmedUp === true) await warmUp(work);
    const runs = await runStudy(work, { onProgress, ...cancellable });
    await writeStudy(runsFolder, { ...study, finishedAt: new Date().toISOString() });
    return { runs, recordsFolder, resumed: unfinished !== null };
  } finally {
    await closeSubjects(subjects);
  }
}
