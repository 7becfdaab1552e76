import { calibrateLengths, type Cell, planPlacements, type RunLengths, type StopRule } from "../experiment/index.ts";
import { probeTopology, type Topology } from "../topology/index.ts";
import { type Conducted, conductStudy, type ConductOptions, type SweepWork } from "./conduct.ts";
import { type Diagnosis, diagnosisOf } from "./diagnosis.ts";
import { resolveSubjects, type SubjectOptions, type SubjectSpec } from "./subjects.ts";

/** What to diagnose; everything may be left out. */
export interface DiagnoseSpec extends SubjectSpec {
  /** Default: at most 12 counts that this machine's topology suggests. */
  readonly threadCounts?: readonly number[];
  readonly stop?: Partial<StopRule>;
  /** Begin a new study even where an unfinished one of the same question lies. */
  readonly fresh?: boolean;
}

/** Where a diagnosis keeps its files, and how it tells what it does. */
export type DiagnoseOptions = ConductOptions & Pick<SubjectOptions, "modelsFolder" | "userPlaces">;

/** The diagnosis with the runs and the machine it rests on. */
export interface DiagnoseResult extends Conducted {
  readonly diagnosis: Diagnosis;
  readonly topology: Topology;
}

/** A decode and a prefill for every thread count of one model. */
export function cellsOf(
  { placements }: Pick<SweepWork, "placements">,
  modelIndex: number,
  lengths: RunLengths,
): Cell[] {
  const { maximumSeconds } = lengths;
  const limit = maximumSeconds === undefined ? {} : { maximumSeconds };
  return placements.flatMap(({ threads }, placementIndex) =>
    threads.flatMap((placement) => {
      const common = { modelIndex, placementIndex, threads: placement, depthTokensCount: 0 };
      return [
        { ...common, ...limit, kind: "decode" as const, tokensCount: lengths.decodeTokensCount },
        { ...common, kind: "prefill" as const, tokensCount: lengths.promptTokensCount },
      ].filter((cell) => cell.tokensCount > 0);
    }),
  );
}

/** The cells of a sweep: prompts are of one length for all models, the shortest that any of them needs. */
async function planCells(work: SweepWork): Promise<Cell[]> {
  const slowest = work.placements[0]?.threads[0];
  const lengths: RunLengths[] = [];
  for (const modelIndex of work.models.keys()) {
    const subject = work.subjects[modelIndex * work.placements.length];
    if (subject !== undefined && slowest !== undefined) lengths.push(await calibrateLengths(subject.engine, slowest));
  }
  const promptTokensCount = Math.min(...lengths.map((one) => one.promptTokensCount));
  return lengths.flatMap((one, modelIndex) => cellsOf(work, modelIndex, { ...one, promptTokensCount }));
}

/**
 * Answers the main question: what this machine gives for these models, which setting is best and what bounds it.
 * Probes the machine, finds or makes the models, measures bandwidth and an interleaved thread sweep on bound engines,
 * and judges the runs. Interrupted, it keeps what is finished; asked again it goes on.
 * @throws {TopologyError} {ModelError} {LaunchError} {EngineError} {RecordError} {ExperimentError} {StudyError}
 */
export async function diagnose(spec: DiagnoseSpec, options: DiagnoseOptions): Promise<DiagnoseResult> {
  options.onProgress?.({ phase: "machine", message: "reading the machine", doneRatio: null });
  const topology = await probeTopology();
  const placements = planPlacements(spec, topology);
  const models = await resolveSubjects(spec, {
    ...options,
    loadPlan: { placements, topology },
    onProgress: (message, doneRatio) => options.onProgress?.({ phase: "models", message, doneRatio }),
  });
  const conducted = await conductStudy({ ...spec, name: "diagnose", topology, models, planCells }, options);
  return { ...conducted, topology, diagnosis: diagnosisOf(conducted.runs) };
}
