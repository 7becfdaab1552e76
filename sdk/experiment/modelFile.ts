import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { Model } from "../model/index.ts";

/** A model whose file is told from every other, also from one of the same name and size. */
export interface IdentifiedModel extends Model {
  /** SHA-256, 16 hex digits, of the size, the beginning and samples of the weights. */
  readonly fileDigest: string;
}

const beginningBytes = 2 ** 20;
const sampleBytes = 2 ** 16;
const samplesCount = 16;

/**
 * The model with the digest of its file: of its size in bytes, its first MiB and sixteen pieces of 64 KiB spread evenly
 * over it. Hashing the whole would read every byte of it. Of a split model the first file is sampled.
 */
export async function identifyModel(model: Model): Promise<IdentifiedModel> {
  await using handle = await open(model.path);
  const { size } = await handle.stat();
  const hash = createHash("sha256").update(String(model.fileBytes));
  const add = async (offset: number, length: number): Promise<void> => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    hash.update(buffer.subarray(0, bytesRead));
  };
  await add(0, beginningBytes);
  for (let index = 1; index <= samplesCount; index++) {
    await add(Math.max(0, Math.floor((size * index) / samplesCount) - sampleBytes), sampleBytes);
  }
  return { ...model, fileDigest: hash.digest("hex").slice(0, 16) };
}
