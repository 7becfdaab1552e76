import { type Cell, type IdentifiedModel, identifyModel, type SubjectEngine } from "../experiment/index.ts";
import { planLaunch } from "../launch/index.ts";
import { readModel } from "../model/index.ts";
import type { Run } from "../record/index.ts";
import { probeTopology, type Topology } from "../topology/index.ts";
import { type BenchTest, benchTestsOf } from "./benchTest.ts";
import { conductStudy, type ConductOptions, type Question, type SweepWork } from "./conduct.ts";

/** A prompt and the tokens after it, timed together. */
interface ReplyLengths {
  readonly promptTokensCount: number;
  readonly tokensCount: number;
}

/** One way to start the engines of a bench; what is left out is the engine's default. */
export interface BenchVariant {
  readonly engine: SubjectEngine;
  /** The CPUs of all thread counts as a cpulist; default: those that suit each count. */
  readonly cpus?: string;
}

/** What to time, in the words of llama-bench. Lengths of 0 leave a test out. */
export interface BenchSpec {
  readonly modelPaths: readonly string[];
  readonly promptTokensCounts: readonly number[];
  readonly decodeTokensCounts: readonly number[];
  readonly replies?: readonly ReplyLengths[];
  /** Tokens in the cache before the timing begins; default 0. */
  readonly depthTokensCounts?: readonly number[];
  /** Default: a thread for each core that this process may use. */
  readonly threadCounts?: readonly number[];
  /** Each is a study of its own: only within one are tests interleaved. Default: one with the engine's defaults. */
  readonly variants?: readonly BenchVariant[];
  readonly repetitionsCount: number;
  /** Whether each test runs once before it is timed; default true. */
  readonly isWarmedUp?: boolean;
}

/** The tests of a bench in the order of what was asked, all runs, and where they lie. */
export interface BenchResult {
  readonly tests: readonly BenchTest[];
  readonly runs: readonly Run[];
  readonly recordsFolders: readonly string[];
}

type Timed = Pick<Cell, "kind" | "tokensCount" | "promptTokensCount">;

/** What is timed at each depth. */
function timedOf({ promptTokensCounts, decodeTokensCounts, replies = [] }: BenchSpec): Timed[] {
  const all: Timed[] = [
    ...promptTokensCounts.map((tokensCount) => ({ kind: "prefill" as const, tokensCount })),
    ...decodeTokensCounts.map((tokensCount) => ({ kind: "decode" as const, tokensCount })),
    ...replies.map((lengths) => ({ kind: "reply" as const, ...lengths })),
  ];
  return all.filter(({ tokensCount }) => tokensCount > 0);
}

function cellsOf({ models, placements }: SweepWork, spec: BenchSpec): Cell[] {
  const { depthTokensCounts = [0] } = spec;
  return models.flatMap((_, modelIndex) =>
    placements.flatMap(({ threads }, placementIndex) =>
      threads.flatMap((placement) =>
        depthTokensCounts.flatMap((depthTokensCount) =>
          timedOf(spec).map((timed) => ({
            ...timed,
            modelIndex,
            placementIndex,
            threads: placement,
            depthTokensCount,
          })),
        ),
      ),
    ),
  );
}

/** The context that holds the longest test, as llama-bench makes it. */
function contextTokensCountOf(spec: BenchSpec): number {
  const lengths = timedOf(spec).map(({ tokensCount, promptTokensCount = 0 }) => tokensCount + promptTokensCount);
  return Math.max(...lengths) + Math.max(...(spec.depthTokensCounts ?? [0]));
}

/** What all variants ask. */
function commonOf(spec: BenchSpec, topology: Topology): Omit<Question, "models" | "engine"> {
  const { repetitionsCount, isWarmedUp = true } = spec;
  const [whole] = planLaunch({}, topology).instances;
  return {
    name: "bench",
    topology,
    threadCounts: spec.threadCounts ?? [whole?.threadsCount ?? 1],
    stop: { minimumRoundsCount: repetitionsCount, maximumRoundsCount: repetitionsCount },
    isWarmedUp,
    lengths: { ...spec, variants: null },
    planCells: (work: SweepWork) => cellsOf(work, spec),
  };
}

/**
 * Times fixed lengths a fixed number of times on bound engines: interleaved in random order within a variant, one variant
 * after the other.
 * @throws {ModelError} {LaunchError} {EngineError} {RecordError} {ExperimentError}
 */
export async function bench(spec: BenchSpec, options: ConductOptions): Promise<BenchResult> {
  const topology = await probeTopology();
  const models = await Promise.all(spec.modelPaths.map((path) => readModel(path)));
  const identified: IdentifiedModel[] = await Promise.all(models.map((model) => identifyModel(model)));
  const common = commonOf(spec, topology);
  const contextTokensCount = contextTokensCountOf(spec);
  const conducted = [];
  for (const variant of spec.variants ?? [{ engine: {} }]) {
    const engine = { contextTokensCount, ...variant.engine };
    const study = await conductStudy({ ...common, ...variant, engine, models }, options);
    conducted.push({ ...study, tests: benchTestsOf(study.runs, { models: identified, variant }) });
  }
  return {
    tests: conducted.flatMap(({ tests }) => tests),
    runs: conducted.flatMap(({ runs }) => runs),
    recordsFolders: conducted.map(({ recordsFolder }) => recordsFolder),
  };
}
