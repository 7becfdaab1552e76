import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readModel, tensorTypeOf } from "../../model/index.ts";
import { CompressionError } from "../errors.ts";
import { type UniformCandidate, uniformCandidate } from "./candidates.ts";
import { type TensorGroup, tensorGroupsOf } from "./groups.ts";
import { openMemory } from "./memory.ts";
import { type DivergenceWork, measureSensitivity, type Sensitivity, startModel } from "./sensitivity.ts";

/** What is to be measured before a mix can be chosen. */
export interface MixMeasuringSpec extends DivergenceWork {
  /** A model in F16, BF16 or F32. */
  readonly path: string;
  /** Where measurements are kept, one JSON line each: the same call goes on after an interrupt. */
  readonly measurementsPath: string;
  /** Storage formats to choose from. Default: `mixTypes`. */
  readonly types?: readonly string[];
  /** The format in which groups are tried one at a time. Default Q4_0, which fits all rows. */
  readonly probeType?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string, doneRatio: number) => void;
}

/** One way to store one group, with what that is expected to cost. */
export interface MixRow {
  readonly group: string;
  readonly type: string;
  readonly bytes: number;
  /** With all other groups as they were; measured for the probing format, for others scaled by their weight error. */
  readonly predictedDivergence: number;
  /** What was measured of this group, in the probing format. */
  readonly probedDivergence: number;
}

/** Everything a mix is chosen from. */
export interface MixMeasurement {
  readonly path: string;
  readonly groups: readonly TensorGroup[];
  readonly rows: readonly MixRow[];
  /** What the file takes besides the groups. */
  readonly otherBytes: number;
}

/** The formats that a mix is chosen from; all can be written without an importance matrix. */
export const mixTypes = ["Q2_K", "Q3_K", "IQ4_XS", "Q4_0", "Q4_K", "Q5_0", "Q5_K", "Q6_K", "Q8_0"] as const;

function rowsOf(
  { type, groups }: UniformCandidate,
  probe: UniformCandidate,
  sensitivities: readonly Sensitivity[],
): MixRow[] {
  return groups.map(({ group, bytes, noiseRatio }, at) => {
    const probedDivergence = Math.max(0, sensitivities[at]?.meanDivergence ?? 0);
    const probedNoise = probe.groups[at]?.noiseRatio ?? 0;
    const scale = probedNoise === 0 ? 1 : noiseRatio / probedNoise;
    return { group, type, bytes, predictedDivergence: probedDivergence * scale, probedDivergence };
  });
}

function originalTypeOf(
  path: string,
  tensors: readonly { readonly name: string; readonly type: string }[],
  group: TensorGroup,
) {
  const { type = "F16" } = tensors.find(({ name }) => name === group.tensorNames[0]) ?? {};
  if (tensorTypeOf(type).blockWeights === 1) return type;
  const message = `${path} has ${group.name} in ${type}: it is quantized already. Mix the original in F16, BF16 or F32.`;
  throw new CompressionError("already-quantized", message, { facts: { path, group: group.name, type } });
}

function subjectOf({ path, text, chunkTokensCount, probeType }: MixMeasuringSpec, fileBytes: number): string {
  const facts = JSON.stringify([path, fileBytes, text, chunkTokensCount, probeType]);
  return createHash("sha256").update(facts).digest("hex").slice(0, 16);
}

/** Measures what a mix is chosen from, with files in between in `workFolder`. */
async function measureIn(workFolder: string, spec: MixMeasuringSpec): Promise<MixMeasurement> {
  const { path, types = mixTypes, probeType = "Q4_0", onProgress, signal } = spec;
  const model = await readModel(path);
  const groups = tensorGroupsOf(model);
  const [first = { name: "none", tensorNames: [] }] = groups;
  const originalType = originalTypeOf(path, model.tensors, first);
  const remember = await openMemory(spec.measurementsPath, subjectOf(spec, model.fileBytes));
  const candidates: UniformCandidate[] = [];
  const allTypes = [...new Set([probeType, ...types])];
  const stepsCount = allTypes.length + groups.length;
  for (const type of allTypes) {
    signal?.throwIfAborted();
    onProgress?.(type, candidates.length / stepsCount);
    candidates.push(await remember(type, () => uniformCandidate(groups, type, { ...spec, workFolder })));
  }
  await using reference = await startModel(path, signal);
  const sensitivities: Sensitivity[] = [];
  for (const group of groups) {
    onProgress?.(group.name, (allTypes.length + sensitivities.length) / stepsCount);
    const probing = { ...spec, workFolder, probeType, originalType, reference };
    sensitivities.push(await remember(group.name, () => measureSensitivity(group, probing)));
  }
  const [probe] = candidates as [UniformCandidate];
  const rows = candidates.flatMap((candidate) => rowsOf(candidate, probe, sensitivities));
  return { path, groups, rows, otherBytes: probe.fileBytes - probe.groups.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/**
 * Measures what a mix of storage formats is chosen from: for each format the size and weight error of each group of tensors
 * (attention and feed-forward net of each layer, embeddings, output), and for each group how far the model moves on a text
 * when it alone is quantized.
 * @throws {CompressionError} `already-quantized`
 * @throws {ModelError} as `readModel` and `quantizeModel`
 * @throws {EngineError} as `quantizeModel`, `startEngine` and `compareDistributions`
 */
export async function measureMix(spec: MixMeasuringSpec): Promise<MixMeasurement> {
  const workFolder = await mkdtemp(join(dirname(spec.measurementsPath), "mix-"));
  try {
    return await measureIn(workFolder, spec);
  } finally {
    await rm(workFolder, { recursive: true });
  }
}
