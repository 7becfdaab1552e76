import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ByteSource } from "../../sdk/model/cursor.ts";
import { ModelError } from "../../sdk/model/errors.ts";
import type { GgufEntry, TensorSpec } from "../../sdk/model/gguf.ts";
import { formatHeader } from "../../sdk/model/headerBytes.ts";
import type { Contents } from "../../sdk/model/entries.ts";
import type { SyntheticQuant } from "../../sdk/model/layout.ts";
import type { Preset } from "../../sdk/model/preset.ts";
import type { ShapeSpec } from "../../sdk/model/shape.ts";
import { tensorBytesOf, tensorTypes } from "../../sdk/model/tensorType.ts";
import { alignUp } from "../../sdk/model/gguf.ts";

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "numalab-model-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Some hundred kilobytes of model. */
export const smallShape: ShapeSpec = {
  architecture: "llama",
  layersCount: 2,
  hiddenSize: 64,
  feedForwardSize: 96,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 300,
  contextTokensCount: 128,
};

/** A whole preset as it is written. */
export function contentsOf({ name, shape }: Preset, quant: SyntheticQuant): Contents {
  return { name, shape, wholeLayersCount: shape.layersCount, vocabulary: null, quant, randomSeed: 1 };
}

export const sourceOf = (bytes: Buffer): ByteSource => ({
  bytes: bytes.length,
  read: (offset, count) => Promise.resolve(bytes.subarray(offset, offset + count)),
});

/** A tensor of a type by its name in ggml. */
export function tensor(name: string, dimensions: readonly number[], type: string): TensorSpec {
  return { name, dimensions, type: [...tensorTypes.values()].find((candidate) => candidate.name === type)! };
}

/** A whole file: header, and zeros for weights. */
export function ggufBytes(entries: readonly GgufEntry[], tensors: readonly TensorSpec[]): Buffer {
  const weightsBytes = tensors.reduce((total, spec) => total + alignUp(tensorBytesOf(spec)), 0);
  return Buffer.concat([formatHeader(entries, tensors), Buffer.alloc(weightsBytes)]);
}

/** Metadata in the shortest form: texts, booleans and counts by their JavaScript type, lists of counts as arrays. */
export function entries(values: Readonly<Record<string, string | boolean | number | readonly number[]>>): GgufEntry[] {
  return Object.entries(values).map(([key, value]): GgufEntry => {
    if (typeof value === "string") return { key, type: "string", value };
    if (typeof value === "boolean") return { key, type: "bool", value };
    return typeof value === "number" ? { key, type: "uint32", value } : { key, type: "uint32", items: value };
  });
}

/** What a language model of 2 layers must state. */
export const leastMetadata = {
  "general.architecture": "llama",
  "llama.block_count": 2,
  "llama.embedding_length": 64,
  "llama.attention.head_count": 4,
};

export function writeGguf(path: string, values: Parameters<typeof entries>[0], tensors: readonly TensorSpec[]): string {
  writeFileSync(path, ggufBytes(entries(values), tensors));
  return path;
}

/** The code of the ModelError that a promise ends in; any other end fails the test. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => new Error("nothing was thrown"),
    (reason: unknown) => reason,
  );
  if (error instanceof ModelError) return error.code;
  throw error;
}
