import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  compareDistributions,
  type Divergence,
  type Engine,
  planEngine,
  planNativeInstance,
  quantizeModel,
  startEngine,
} from "../../inference/index.ts";
import type { CandidateSource } from "./candidates.ts";
import { overrideOf, type TensorGroup } from "./groups.ts";

/** What a divergence is measured on. */
export interface DivergenceWork {
  readonly text: string | readonly number[];
  /** Default 512, or fewer where the text is shorter. */
  readonly chunkTokensCount?: number;
}

/** An engine of a model, with all CPUs of one instance. */
export async function startModel(modelPath: string, signal?: AbortSignal): Promise<Engine> {
  const plan = planEngine({ modelPath }, await planNativeInstance());
  return startEngine(plan, signal === undefined ? {} : { signal });
}

/**
 * How far the model in a file is from that of a running engine, on a text.
 * @throws {EngineError} as `startEngine` and `compareDistributions`
 */
export async function measureDivergence(
  modelPath: string,
  reference: Engine,
  { signal, ...work }: DivergenceWork & { readonly signal?: AbortSignal },
): Promise<Divergence> {
  await using engine = await startModel(modelPath, signal);
  return await compareDistributions(engine, reference, work);
}

/** How far a model moves when one group of its tensors is quantized, and nothing else. */
export interface Sensitivity {
  readonly group: string;
  readonly probeType: string;
  readonly meanDivergence: number;
}

/** How sensitivities are measured. */
export interface ProbeSpec extends CandidateSource, DivergenceWork {
  readonly probeType: string;
  /** The format of all other matrices: that of the original. */
  readonly originalType: string;
  readonly reference: Engine;
}

/**
 * Quantizes one group, and measures how far that moves the model.
 * @throws {EngineError} as `quantizeModel` and `measureDivergence`
 */
export async function measureSensitivity(group: TensorGroup, spec: ProbeSpec): Promise<Sensitivity> {
  const { path, workFolder, probeType, originalType, reference, signal } = spec;
  const stopping = signal === undefined ? {} : { signal };
  const outputPath = join(workFolder, `${group.name}.gguf`);
  const overrides = [overrideOf(group, probeType), { pattern: ".*", type: originalType }];
  await quantizeModel({ path, quant: "Q8_0", outputPath, overrides, ...stopping });
  const { meanDivergence } = await measureDivergence(outputPath, reference, spec);
  await rm(outputPath);
  return { group: group.name, probeType, meanDivergence };
}
