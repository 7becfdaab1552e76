import type { DecodedFile } from "./decoding.ts";
import { decodeFile, decodeOnnx } from "./decoding.ts";
import type { OpenSizes } from "./dimensions.ts";
import { OnnxError } from "./errors.ts";
import { checkExternalData, readExternalData } from "./externalData.ts";
import type { OnnxFacts } from "./facts.ts";
import { factsOf } from "./facts.ts";
import { readFileBytes, readRanges } from "./file.ts";
import type { OnnxGraph } from "./graph.ts";

/** A protobuf message has no more. */
const mostFileBytes = 2 ** 31 - 1;

/** The error with the file it is about. */
function aboutFile(error: unknown, path: string): OnnxError {
  if (error instanceof OnnxError) {
    return new OnnxError(error.code, `${path}: ${error.message}`, { facts: { path, ...error.facts }, cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${path} cannot be read: ${reason}. Check the path and its permissions.`;
  return new OnnxError("file-unreadable", message, { facts: { path }, cause: error });
}

async function readFile(path: string): Promise<DecodedFile> {
  const bytes = await readFileBytes(path);
  if (bytes > mostFileBytes) {
    const message = `The file has ${bytes} bytes, and an ONNX file ${mostFileBytes} at most. Pass an ONNX file.`;
    throw new OnnxError("not-onnx", message, { facts: { bytes } });
  }
  const [whole = new Uint8Array()] = await readRanges(path, [{ offsetBytes: 0, bytes }]);
  return decodeFile(whole);
}

async function readWhole(path: string): Promise<OnnxGraph> {
  const { graph, places } = await readFile(path);
  const external = await readExternalData(path, places);
  return {
    ...graph,
    weights: graph.weights.map((weight) => ({ ...weight, data: external.get(weight.name) ?? weight.data })),
  };
}

/**
 * Reads a graph with all its weights, which are in memory once.
 * @throws {OnnxError} `file-unreadable`, `not-onnx`, `truncated`, `corrupt-file`, `not-supported`, `outside-folder`,
 * `duplicate-name` or `unknown-name`
 */
export function readOnnx(path: string): Promise<OnnxGraph> {
  return readWhole(path).catch((error: unknown) => {
    throw aboutFile(error, path);
  });
}

/**
 * What a file holds, and what a run of it takes on inputs of these sizes; weights in other files are not read.
 * @throws {OnnxError} as `readOnnx`
 */
export async function inspectOnnx(
  path: string,
  openSizes: OpenSizes = {},
): Promise<OnnxFacts & { readonly path: string }> {
  try {
    const { graph } = await readFile(path);
    return { path, ...factsOf(graph, openSizes) };
  } catch (error) {
    throw aboutFile(error, path);
  }
}

/**
 * Nothing where a file, or the bytes of one, can be read, and all files with its weights are there and long enough.
 * @throws {OnnxError} as `readOnnx`
 */
export async function checkOnnx(model: string | Uint8Array): Promise<void> {
  if (typeof model !== "string") {
    decodeOnnx(model);
    return;
  }
  try {
    await checkExternalData(model, (await readFile(model)).places);
  } catch (error) {
    throw aboutFile(error, model);
  }
}
