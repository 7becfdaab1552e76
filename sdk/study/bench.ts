import { readModel } from "../model/index.ts";
import { type Run, throughputOf } from "../record/index.ts";
import { summarizeRates } from "../stats/index.ts";
import { probeTopology } from "../topology/index.ts";
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
  readonly model: string;
  readonly quant: string | null;
  readonly synthetic: boolean;
  readonly fileBytes: number;
  readonly threadsCount: number;
  readonly test: string;
  readonly tokensPerSecond: number;
  readonly lowTokensPerSecond: number | null;
  readonly highTokensPerSecond: number | null;
  readonly repetitionsCount: number;
  /** Share of the memory bandwidth ceiling; null for a prefill, which computation bounds. */
  readonly rooflineRatio: number | null;
  readonly binding: string;
}

function benchRowOf(runs: readonly Run[]): BenchRow | null {
  const [run] = runs;
  if (run?.model == null) return null;
  const { estimate, low, high, count } = summarizeRates(runs.flatMap((one) => throughputOf(one) ?? []));
  const { decodeTokensPerSecond } = run.ceilings;
  const { name, quant, synthetic, fileBytes } = run.model;
  return {
    model: name,
    quant,
    synthetic,
    fileBytes,
    threadsCount: run.spec.threadsCount,
    test:
      run.kind === "prefill" ? `pp${String(run.spec.promptTokensCount)}` : `tg${String(run.spec.generatedTokensCount)}`,
    tokensPerSecond: estimate,
    lowTokensPerSecond: low,
    highTokensPerSecond: high,
    repetitionsCount: count,
    rooflineRatio: run.kind === "decode" && decodeTokensPerSecond !== null ? estimate / decodeTokensPerSecond : null,
    binding: run.binding?.state ?? "unverifiable",
  };
}

/** One row a test, in the order in which the tests were first run within a model. */
export function benchRowsOf(runs: readonly Run[]): BenchRow[] {
  const tests = new Map<string, Run[]>();
  for (const run of runs.filter(({ kind }) => kind !== "bandwidth")) {
    const key = JSON.stringify([run.model?.name, run.model?.quant, run.kind, run.spec.threadsCount]);
    tests.set(key, [...(tests.get(key) ?? []), run]);
  }
  return [...tests.entries()]
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .flatMap(([, group]) => benchRowOf(group) ?? []);
}
