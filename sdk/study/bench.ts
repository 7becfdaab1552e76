import { readModel } from "../model/index.ts";
import {
  ceilingsOf,
  groupsOf,
  isTimed,
  modelKeyOf,
  modelNamesOf,
  type ModelRun,
  rooflineOf,
  type Run,
  summarizeThroughput,
  warningCountsOf,
} from "../record/index.ts";
import { probeTopology } from "../topology/index.ts";
import { ceilingsText } from "./ceiling.ts";
import { type Conducted, conductStudy, type ConductOptions } from "./conduct.ts";
import { cellsOf } from "./diagnose.ts";

/** What to time, in the words of llama-bench. */
export interface BenchSpec {
  readonly modelPaths: readonly string[];
  /** Prompt length; 0 leaves the prefill out. */
  readonly promptTokensCount: number;
  /** Tokens to generate; 0 leaves the decode out. */
  readonly decodeTokensCount: number;
  readonly threadCounts?: readonly number[];
  readonly repetitionsCount: number;
}

/**
 * Times fixed lengths a fixed number of times, interleaved in random order on bound engines.
 * @throws {ModelError} {LaunchError} {EngineError} {RecordError} {ExperimentError}
 */
export async function bench(spec: BenchSpec, options: ConductOptions): Promise<Conducted> {
  const topology = await probeTopology();
  const models = await Promise.all(spec.modelPaths.map((path) => readModel(path)));
  const { repetitionsCount, promptTokensCount, decodeTokensCount, threadCounts } = spec;
  const question = {
    name: "bench",
    topology,
    models,
    ...(threadCounts === undefined ? {} : { threadCounts }),
    stop: { minimumRoundsCount: repetitionsCount, maximumRoundsCount: repetitionsCount },
    lengths: spec,
    planCells: (work: Parameters<typeof cellsOf>[0]) =>
      models.flatMap((_, modelIndex) => cellsOf(work, modelIndex, { promptTokensCount, decodeTokensCount })),
  };
  return conductStudy(question, options);
}

/** One test of a bench, in the terms of llama-bench: `pp512` reads a prompt of 512 tokens, `tg128` generates 128. */
export interface BenchRow {
  /** Followed by the file's name where two files are called the same. */
  readonly model: string;
  readonly quant: string | null;
  readonly synthetic: boolean;
  readonly fileBytes: number;
  readonly threadsCount: number;
  readonly test: string;
  /** Null when every run was cut too short for a speed. */
  readonly tokensPerSecond: number | null;
  readonly lowTokensPerSecond: number | null;
  readonly highTokensPerSecond: number | null;
  readonly repetitionsCount: number;
  /** The most that any thread count read of this memory; null for a prefill, which computation bounds. */
  readonly bandwidthBytesPerSecond: number | null;
  /** Share of that bandwidth; its ends hold the intervals of both and are null with fewer than 3 repetitions. */
  readonly rooflineRatio: number | null;
  readonly rooflineLowRatio: number | null;
  readonly rooflineHighRatio: number | null;
  readonly binding: string;
  /** The codes of the warnings, each with the number of runs that carry it; empty when there are none. */
  readonly warnings: string;
}

function testOf({ kind, spec }: Run): string {
  return kind === "prefill" ? `pp${String(spec.promptTokensCount)}` : `tg${String(spec.generatedTokensCount)}`;
}

type Roofline = "bandwidthBytesPerSecond" | "rooflineRatio" | "rooflineLowRatio" | "rooflineHighRatio";

/** What the runs of one test are told with. */
interface Bench {
  readonly names: ReturnType<typeof modelNamesOf>;
  readonly ceilingOf: ReturnType<typeof ceilingsOf>;
}

function shareOf(runs: readonly ModelRun[], { ceilingOf }: Bench): Pick<BenchRow, Roofline> {
  const decodes = runs.filter(({ kind }) => kind === "decode");
  const roofline = rooflineOf(decodes, ceilingOf);
  return {
    bandwidthBytesPerSecond: roofline.bandwidthBytesPerSecond,
    rooflineRatio: roofline.decodeRooflineRatio,
    rooflineLowRatio: roofline.decodeRooflineLowRatio,
    rooflineHighRatio: roofline.decodeRooflineHighRatio,
  };
}

function benchRowOf(runs: readonly ModelRun[], known: Bench): BenchRow | null {
  const [run] = runs;
  if (run === undefined) return null;
  const { estimate, low, high, count } = summarizeThroughput(runs);
  const { name, quant, synthetic, fileBytes } = run.model;
  return {
    model: known.names.get(modelKeyOf(run.model)) ?? name,
    quant,
    synthetic,
    fileBytes,
    threadsCount: run.spec.threadsCount,
    test: testOf(run),
    tokensPerSecond: estimate,
    lowTokensPerSecond: low,
    highTokensPerSecond: high,
    repetitionsCount: count,
    ...shareOf(runs, known),
    binding: run.binding?.state ?? "unverifiable",
    warnings: warningCountsOf(runs)
      .map(({ code, runsCount }) => `${code} (${runsCount})`)
      .join(", "),
  };
}

/** One row a test, in the order of models, tests and thread counts. */
export function benchRowsOf(runs: readonly Run[]): BenchRow[] {
  const known = { names: modelNamesOf(runs), ceilingOf: ceilingsOf(runs) };
  const tests = groupsOf(runs.filter(isTimed), (run) =>
    JSON.stringify([run.model.name, run.model.quant, modelKeyOf(run.model), testOf(run), run.spec]),
  );
  return [...tests.entries()]
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .flatMap(([, group]) => benchRowOf(group, known) ?? []);
}

/** What a reader of the rows must know: the ceiling of the shares, whether memory was steady, where intervals are missing. */
export function benchNotesOf(runs: readonly Run[]): string[] {
  const ceilingOf = ceilingsOf(runs);
  const ceilings = [...new Set(runs.flatMap((run) => (run.kind === "decode" ? (ceilingOf(run) ?? []) : [])))];
  const warnings = ceilings.flatMap((ceiling) => ceiling.warnings);
  const counts = new Set(
    benchRowsOf(runs).flatMap((row) => (row.lowTokensPerSecond === null ? row.repetitionsCount : [])),
  );
  return [
    ...(ceilings.length === 0 ? [] : [ceilingsText(ceilings)]),
    ...warnings.map(({ code, message, advice }) => `warning [${code}]: ${message} ${advice}`),
    ...[...counts].map((count) => `no intervals for tests with ${count} repetitions; 3 are needed`),
  ];
}
