import { readModel } from "../model/index.ts";
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
