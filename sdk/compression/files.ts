import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { ModelError } from "../model/index.ts";
import { type OnnxGraph, readOnnx, writeOnnx } from "../onnx/index.ts";
import { CompressionError } from "./errors.ts";
import { columnPowers } from "./onnx/columnPowers.ts";
import { type PrunedUnits, pruneGraph, type GraphPruningOptions } from "./onnx/pruning.ts";
import { type QuantizationForm, quantizeTo } from "./onnx/quantizationForm.ts";
import type { QuantizationOptions, QuantizedLayer } from "./onnx/quantized.ts";
import type { RangeMethod } from "./onnx/range.ts";
import { readSamples } from "./samplesFile.ts";

/** What is made of which file. */
export interface CompressionRequest {
  readonly path: string;
  /** Default: beside the original, named after what was done. */
  readonly outputPath?: string;
  /** Replace a file that is there. */
  readonly overwrite?: boolean;
  /** A file as `readSamples` reads it, for what is decided on data. */
  readonly samplesPath?: string;
  readonly signal?: AbortSignal;
}

/** A request to quantize a file. */
export interface QuantizationFileRequest extends CompressionRequest, QuantizationOptions {
  readonly form: QuantizationForm;
  /** How ranges are chosen for `int8-static`. */
  readonly method?: RangeMethod;
}

/** A request to prune a file. */
export interface PruningFileRequest extends CompressionRequest, Pick<GraphPruningOptions, "heads" | "neurons"> {}

/** A smaller file. */
export interface CompressedFile {
  readonly path: string;
  /** With external data. */
  readonly fileBytes: number;
  readonly originalBytes: number;
}

/**
 * Where the smaller file goes.
 * @throws {ModelError} `path-taken`
 */
function chooseOutput({ path, outputPath, overwrite = false }: CompressionRequest, label: string): string {
  const chosen = outputPath ?? path.replace(/(\.onnx)?$/, `-${label}.onnx`);
  if (overwrite || !existsSync(chosen)) return chosen;
  const message = `${chosen} exists. Remove it, or choose another path.`;
  throw new ModelError("path-taken", message, { facts: { path: chosen } });
}

async function bytesOf(path: string): Promise<number> {
  const external = `${path}.data`;
  const paths = existsSync(external) ? [path, external] : [path];
  return (await Promise.all(paths.map((one) => stat(one)))).reduce((total, { size }) => total + size, 0);
}

async function writeBeside(graph: OnnxGraph, { path: originalPath, signal }: CompressionRequest, path: string) {
  const { fileBytes, externalBytes } = await writeOnnx(graph, { path, ...(signal === undefined ? {} : { signal }) });
  return { path, fileBytes: fileBytes + externalBytes, originalBytes: await bytesOf(originalPath) };
}

/** The samples of a request; nothing where it names none. */
function samplesOf({ samplesPath, signal }: CompressionRequest, { inputs }: OnnxGraph) {
  if (samplesPath === undefined) return undefined;
  return { samples: readSamples(samplesPath, inputs), ...(signal === undefined ? {} : { signal }) };
}

/**
 * Writes an ONNX file in fewer bits.
 * @throws {ModelError} `path-taken`, and as `writeOnnx`
 * @throws {OnnxError} as `readOnnx`
 * @throws {CompressionError} as `quantizeTo`
 */
export async function quantizeFile(
  request: QuantizationFileRequest,
): Promise<CompressedFile & { readonly layers: readonly QuantizedLayer[] }> {
  const path = chooseOutput(request, request.form);
  const original = await readOnnx(request.path);
  const calibration = samplesOf(request, original);
  const { form, ...options } = request;
  const { graph, layers } = await quantizeTo(original, form, { ...options, ...(calibration && { calibration }) });
  return { ...(await writeBeside(graph, request, path)), layers };
}

function assertAsked({ heads, neurons }: PruningFileRequest): void {
  if (heads !== undefined || neurons !== undefined) return;
  throw new CompressionError(
    "bad-setting",
    "Neither heads nor neurons are to be left out. Say what share of them stays.",
  );
}

/**
 * Writes an ONNX file with fewer heads and neurons.
 * @throws {ModelError} `path-taken`, and as `writeOnnx`
 * @throws {OnnxError} as `readOnnx`
 * @throws {CompressionError} `bad-setting`, and as `pruneGraph` and `columnPowers`
 */
export async function pruneFile(
  request: PruningFileRequest,
): Promise<CompressedFile & { readonly units: readonly PrunedUnits[] }> {
  assertAsked(request);
  const path = chooseOutput(request, "pruned");
  const original = await readOnnx(request.path);
  const samples = samplesOf(request, original);
  const powers = samples && (await columnPowers(original, samples));
  const { graph, units } = pruneGraph(original, { ...request, ...(powers && { powers }) });
  return { ...(await writeBeside(graph, request, path)), units };
}
