import { rm } from "node:fs/promises";
import { join } from "node:path";
import { quantizationErrors, quantizeModel, type TensorError } from "../../inference/index.ts";
import { alignUp } from "../../model/index.ts";
import type { TensorGroup } from "./groups.ts";

/** What a group would be in one storage format. */
export interface GroupCandidate {
  readonly group: string;
  readonly bytes: number;
  /** The mean square of the differences over that of the weights, summed over the tensors of the group. */
  readonly noiseRatio: number;
}

/** A whole model in one storage format. */
export interface UniformCandidate {
  readonly type: string;
  readonly fileBytes: number;
  readonly groups: readonly GroupCandidate[];
}

/** Where candidates come from, and where files in between may lie. */
export interface CandidateSource {
  readonly path: string;
  readonly workFolder: string;
  readonly signal?: AbortSignal;
}

function noiseRatioOf({ signalPower, noisePower }: TensorError): number {
  return signalPower === null || signalPower === 0 ? 0 : (noisePower ?? 0) / signalPower;
}

/**
 * What each group would be, and lose, in one storage format: the whole model is quantized to it, and removed again. A tensor
 * whose rows are no whole blocks of it gets the format that llama.cpp falls back to.
 * @throws {ModelError} `no-such-quant`, and as `quantizeModel`
 * @throws {EngineError} as `quantizeModel` and `quantizationErrors`
 */
export async function uniformCandidate(
  groups: readonly TensorGroup[],
  type: string,
  { path, workFolder, signal }: CandidateSource,
): Promise<UniformCandidate> {
  const outputPath = join(workFolder, `${type}.gguf`);
  const stopping = signal === undefined ? {} : { signal };
  const overrides = [{ pattern: ".*", type }];
  const { tensors, fileBytes } = await quantizeModel({ path, quant: "Q8_0", outputPath, overrides, ...stopping });
  const errors = new Map((await quantizationErrors(path, outputPath, stopping)).map((error) => [error.name, error]));
  await rm(outputPath);
  const bytes = new Map(tensors.map((tensor) => [tensor.name, alignUp(tensor.bytes)]));
  const sumOf = ({ tensorNames }: TensorGroup, valueOf: (name: string) => number) =>
    tensorNames.reduce((total, name) => total + valueOf(name), 0);
  return {
    type,
    fileBytes,
    groups: groups.map((group) => ({
      group: group.name,
      bytes: sumOf(group, (name) => bytes.get(name) ?? 0),
      noiseRatio: sumOf(group, (name) => noiseRatioOf(errors.get(name) as TensorError)),
    })),
  };
}
