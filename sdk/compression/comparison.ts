import { type OnnxGraph, readOnnx } from "../onnx/index.ts";
import { indexGraph } from "./onnx/graphIndex.ts";
import { randomSamples } from "./onnx/randomSamples.ts";
import { staticLayerOf } from "./onnx/staticLayer.ts";
import { type ValueError, valueErrors } from "./onnx/valueErrors.ts";
import { readSamples } from "./samplesFile.ts";

/** Which files are compared, and on what. */
export interface ComparisonRequest {
  readonly originalPath: string;
  readonly otherPath: string;
  /** A file as `readSamples` reads it. Without it the inputs are random. */
  readonly samplesPath?: string;
  readonly signal?: AbortSignal;
}

/** How far one file is from another. */
export interface FileComparison {
  /** Whether the inputs were random: then the figures say how far apart the files are, not how well either does its task. */
  readonly isRandom: boolean;
  readonly outputs: readonly ValueError[];
  /** What each layer gives, of those that both files have. */
  readonly layers: readonly ValueError[];
}

/** As many as make figures steady to a tenth of a decibel. */
const randomSamplesCount = 4;

/** What layers give in both graphs. */
function sharedOutputsOf(original: OnnxGraph, other: OnnxGraph): readonly string[] {
  const { weights } = indexGraph(original);
  const { giverOf } = indexGraph(other);
  const layers = original.nodes.filter((node) => staticLayerOf(node, weights) !== null);
  return layers.flatMap(({ outputs }) => outputs).filter((output) => giverOf(output) !== undefined);
}

/**
 * How far what one ONNX file computes is from what another does that was made of it, layer by layer and in all.
 * @throws {OnnxError} as `readOnnx`
 * @throws {CompressionError} as `valueErrors`, and `needs-samples` where random inputs cannot be made
 * @throws {EngineError} as `valueErrors`
 */
export async function compareFiles(request: ComparisonRequest): Promise<FileComparison> {
  const { originalPath, otherPath, samplesPath, signal } = request;
  const [original, other] = await Promise.all([readOnnx(originalPath), readOnnx(otherPath)]);
  const samples =
    samplesPath === undefined ? randomSamples(original, randomSamplesCount) : readSamples(samplesPath, original.inputs);
  const outputs = original.outputs.map(({ name }) => name);
  const layers = sharedOutputsOf(original, other).filter((name) => !outputs.includes(name));
  const run = { samples, ...(signal === undefined ? {} : { signal }) };
  const errors = await valueErrors({ original, other }, run, [...outputs, ...layers]);
  return {
    isRandom: samplesPath === undefined,
    outputs: errors.slice(0, outputs.length),
    layers: errors.slice(outputs.length),
  };
}
