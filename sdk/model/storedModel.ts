import { open } from "node:fs/promises";
import type { FileHeader } from "./file.ts";
import { ggufTypes, type StoredEntry } from "./gguf.ts";
import { everything } from "./metadata.ts";
import type { TensorInfo } from "./model.ts";
import { readShards } from "./shards.ts";

/** One tensor of a model, with the file that it lies in. */
export interface StoredTensor extends TensorInfo {
  readonly path: string;
}

/** All that a GGUF file states, with where its weights lie; of a split model, all its files as one. */
export interface StoredModel {
  readonly path: string;
  readonly version: number;
  readonly alignmentBytes: number;
  /** In the order of the file; of a split model without the keys that tell how it is split. */
  readonly metadata: readonly StoredEntry[];
  readonly tensors: readonly StoredTensor[];
  readonly filesCount: number;
  readonly fileBytes: number;
}

async function readEntries({ path, entries }: FileHeader): Promise<readonly StoredEntry[]> {
  const last = entries.at(-1);
  const bytes = Buffer.alloc(last === undefined ? 0 : last.offsetBytes + last.bytes);
  await using handle = await open(path);
  await handle.read(bytes, 0, bytes.length, 0);
  return entries.map(({ key, value, offsetBytes, bytes: count }) => {
    const encoded = bytes.subarray(offsetBytes, offsetBytes + count);
    const type = ggufTypes[encoded.readUInt32LE(0)] ?? "array";
    const itemType = type === "array" ? (ggufTypes[encoded.readUInt32LE(4)] ?? null) : null;
    return { key, type, itemType, value, encoded };
  });
}

/**
 * Reads all that a GGUF file states before its weights: every key with its type and value, vocabularies too, and every
 * tensor. What it returns can be written again byte for byte.
 * @throws {ModelError} `unreadable`, `not-gguf`, `unsupported-version`, `unsupported-tensor-type`, `truncated`,
 * `corrupt-header` or `missing-shard`
 */
export async function readGguf(path: string): Promise<StoredModel> {
  const shards = await readShards(path, everything);
  const [{ version, alignmentBytes }] = shards;
  const entries = await readEntries(shards[0]);
  return {
    path,
    version,
    alignmentBytes,
    metadata: shards.length === 1 ? entries : entries.filter(({ key }) => !key.startsWith("split.")),
    tensors: shards.flatMap((shard) => shard.tensors.map((tensor) => ({ ...tensor, path: shard.path }))),
    filesCount: shards.length,
    fileBytes: shards.reduce((total, shard) => total + shard.fileBytes, 0),
  };
}
