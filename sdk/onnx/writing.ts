import { basename } from "node:path";
import type { PartialFile } from "../model/index.ts";
import { alignUp, writeModelFile } from "../model/index.ts";
import type { ExternalPlace } from "./encoding.ts";
import { piecesOf } from "./encoding.ts";
import { OnnxError } from "./errors.ts";
import type { OnnxGraph } from "./graph.ts";
import type { Tensor } from "./tensor.ts";

/** How a graph is written. */
export interface OnnxWriting {
  /** Where the file goes; needs to end in `.onnx`. */
  readonly path: string;
  /**
   * Whether the weights go to a file beside, whose pages instances can share: always, never, or only when one file cannot
   * hold them. Default: `when-large`.
   */
  readonly externalData?: "always" | "never" | "when-large";
  readonly signal?: AbortSignal;
}

/** The files of a written graph. */
export interface OnnxFiles {
  readonly path: string;
  /** Null when all weights are in the one file. */
  readonly externalPath: string | null;
  readonly fileBytes: number;
  readonly externalBytes: number;
}

/** A page of memory, so that a weight can be mapped by itself. */
const alignmentBytes = 4096;

/** Smaller tensors stay in the graph's file: onnxruntime reads sizes from them before it opens another. */
const leastExternalBytes = 1024;

/** More than this is not put into one file, whose limit is 2 GiB with everything. */
const mostInlineBytes = 2 ** 31 - 2 ** 26;

function isExternal(weights: readonly Tensor[], { externalData = "when-large" }: OnnxWriting): boolean {
  if (externalData !== "when-large") return externalData === "always";
  return weights.reduce((total, { data }) => total + data.length, 0) > mostInlineBytes;
}

/** The places of the weights in the file beside, by name. */
function placesOf(weights: readonly Tensor[], location: string): ReadonlyMap<string, ExternalPlace> {
  const places = new Map<string, ExternalPlace>();
  let offsetBytes = 0;
  for (const { name, data } of weights) {
    if (data.length < leastExternalBytes) continue;
    places.set(name, { location, offsetBytes, bytes: data.length });
    offsetBytes = alignUp(offsetBytes + data.length, alignmentBytes);
  }
  return places;
}

async function append(file: PartialFile, pieces: Iterable<Uint8Array>): Promise<void> {
  for (const { buffer, byteOffset, byteLength } of pieces)
    await file.append(Buffer.from(buffer, byteOffset, byteLength));
}

function* externalPiecesOf({ weights }: OnnxGraph, places: ReadonlyMap<string, ExternalPlace>): Generator<Uint8Array> {
  for (const { name, data } of weights) {
    if (!places.has(name)) continue;
    yield data;
    yield new Uint8Array(alignUp(data.length, alignmentBytes) - data.length);
  }
}

function assertPath(path: string): void {
  if (path.endsWith(".onnx")) return;
  throw new OnnxError("bad-path", `The path is ${path}, and needs to end in .onnx. Pass another.`, { facts: { path } });
}

/**
 * Writes a graph as ONNX; each file appears under its name when it is whole, the graph's last.
 * @throws {OnnxError} `bad-path`, `too-large`, and as `checkGraph`
 * @throws {ModelError} `not-enough-space`, `disk-full`, `unwritable-folder`, `already-writing` or `aborted`, and then
 * nothing is left behind
 */
export async function writeOnnx(graph: OnnxGraph, writing: OnnxWriting): Promise<OnnxFiles> {
  const { path, signal } = writing;
  assertPath(path);
  const externalPath = `${path}.data`;
  const places = isExternal(graph.weights, writing) ? placesOf(graph.weights, basename(externalPath)) : new Map();
  const pieces = piecesOf(graph, places);
  const fileBytes = pieces.reduce((total, piece) => total + piece.length, 0);
  const last = [...places.values()].at(-1) as ExternalPlace | undefined;
  const externalBytes = last === undefined ? 0 : alignUp(last.offsetBytes + last.bytes, alignmentBytes);
  await writeModelFile({ path, fileBytes, signal }, async (file) => {
    await append(file, pieces);
    if (externalBytes === 0) return;
    await writeModelFile({ path: externalPath, fileBytes: externalBytes, signal }, (external) =>
      append(external, externalPiecesOf(graph, places)),
    );
  });
  return { path, externalPath: externalBytes === 0 ? null : externalPath, fileBytes, externalBytes };
}
