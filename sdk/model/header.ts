import type { ByteSource, Cursor } from "./cursor.ts";
import { cursorOf, readCount, readNext, readUint32 } from "./cursor.ts";
import { corruptHeader, ModelError } from "./errors.ts";
import type { GgufHeader, GgufValue } from "./gguf.ts";
import { defaultAlignmentBytes, ggufMagic } from "./gguf.ts";
import { readMetadata } from "./metadata.ts";
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

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>): number {
  const alignment = metadata.get("general.alignment") ?? defaultAlignmentBytes;
  if (typeof alignment === "number" && Number.isInteger(Math.log2(alignment)) && alignment >= 1) return alignment;
  throw corruptHeader("The key general.alignment does not hold a power of two");
}

/**
 * Reads what stands before the weights, in pieces of 1 MiB; no length in the file is believed before it is checked.
 * @throws {ModelError} `not-gguf`, `unsupported-version`, `unsupported-tensor-type`, `truncated` or `corrupt-header`
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function readHeader(source: ByteSource): Promise<GgufHeader> {
  const cursor = cursorOf(source);
  await checkMagic(cursor);
  const version = await readVersion(cursor);
  const tensorsCount = await readCount(cursor, "tensors");
  const entriesCount = await readCount(cursor, "keys");
  const metadata = await readMetadata(cursor, entriesCount);
  return { version, metadata, tensors: await readTensors(cursor, tensorsCount, alignmentOf(metadata)) };
}
