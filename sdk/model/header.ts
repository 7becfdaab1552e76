import type { ByteSource, Cursor } from "./cursor.ts";
import { cursorOf, readCount, readNext, readUint32 } from "./cursor.ts";
import { corruptHeader, ModelError } from "./errors.ts";
import type { GgufHeader } from "./gguf.ts";
import { alignmentKey, alignmentOf, ggufMagic } from "./gguf.ts";
import { few, type Kept, readMetadata } from "./metadata.ts";
import { readTensors } from "./tensorTable.ts";

async function checkMagic(cursor: Cursor): Promise<void> {
  const length = Math.min(ggufMagic.length, cursor.source.bytes);
  const found = await readNext(cursor, length, (window, at) => window.toString("latin1", at, at + length));
  if (found === ggufMagic) return;
  throw new ModelError(
    "not-gguf",
    `The file begins with ${JSON.stringify(found)}, and a GGUF file with "${ggufMagic}". Pass a model in GGUF format.`,
    { facts: { found } },
  );
}

async function readVersion(cursor: Cursor): Promise<number> {
  const version = await readUint32(cursor);
  if (version === 2 || version === 3) return version;
  const found = version % 65_536 === 0 ? "is big-endian" : `has GGUF version ${version}`;
  throw new ModelError(
    "unsupported-version",
    `The file ${found}; little-endian files of version 2 and 3 can be read. Convert it with a current llama.cpp.`,
    { facts: { version } },
  );
}

/**
 * Reads what stands before the weights, in pieces of 1 MiB; no length in the file is believed before it is checked.
 * @throws {ModelError} `not-gguf`, `unsupported-version`, `unsupported-tensor-type`, `truncated` or `corrupt-header`
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function readHeader(source: ByteSource, kept: Kept = few): Promise<GgufHeader> {
  const cursor = cursorOf(source);
  await checkMagic(cursor);
  const version = await readVersion(cursor);
  const tensorsCount = await readCount(cursor, "tensors");
  const entriesCount = await readCount(cursor, "keys");
  const entries = await readMetadata(cursor, entriesCount, kept);
  const metadata = new Map(entries.map(({ key, value }) => [key, value]));
  const alignmentBytes = alignmentOf(metadata.get(alignmentKey));
  if (alignmentBytes === null) throw corruptHeader(`The key ${alignmentKey} does not hold a power of two`);
  return {
    version,
    alignmentBytes,
    entries,
    metadata,
    tensors: await readTensors(cursor, tensorsCount, alignmentBytes),
  };
}
