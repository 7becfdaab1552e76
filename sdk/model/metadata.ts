import type { Cursor } from "./cursor.ts";
import { readCount, readLength, readName, readNext, readText, readUint32, skip } from "./cursor.ts";
import { corruptHeader } from "./errors.ts";
import type { GgufArray, GgufNumberType, GgufScalar, GgufType, GgufValue, HeaderEntry } from "./gguf.ts";
import { ggufTypes } from "./gguf.ts";
import { scalarCodecs } from "./scalar.ts";

/** The longest values that are kept; what is longer is stepped over. */
export interface Kept {
  readonly textBytes: number;
  readonly itemsCount: number;
  readonly textsCount: number;
}

/** Enough for every field of a model, without its vocabulary. */
export const few: Kept = { textBytes: 2 ** 20, itemsCount: 4_096, textsCount: 64 };

/** Far above any vocabulary. */
export const everything: Kept = { textBytes: 2 ** 28, itemsCount: 2 ** 24, textsCount: 2 ** 24 };

const deepestArray = 4;

async function readType(cursor: Cursor): Promise<GgufType> {
  const id = await readUint32(cursor);
  const type = ggufTypes[id];
  if (type === undefined) throw corruptHeader(`A value has type ${id}, and ${ggufTypes.length - 1} is the last`);
  return type;
}

async function readString(cursor: Cursor, kept: Kept): Promise<string | null> {
  const bytes = await readLength(cursor);
  if (bytes <= kept.textBytes) return readText(cursor, bytes);
  skip(cursor, bytes);
  return null;
}

async function readNumbers(cursor: Cursor, type: GgufNumberType, kept: Kept): Promise<GgufArray> {
  const count = await readLength(cursor);
  const { bytes, decode } = scalarCodecs[type];
  if (count > kept.itemsCount) {
    skip(cursor, bytes * count);
    return { count, items: null };
  }
  const items: GgufScalar[] = [];
  for (let index = 0; index < count; index++) items.push(await readNext(cursor, bytes, decode));
  return { count, items };
}

async function readTexts(cursor: Cursor, kept: Kept): Promise<GgufArray> {
  const count = await readLength(cursor);
  const texts: (string | null)[] = [];
  for (let index = 0; index < count; index++) {
    if (count <= kept.textsCount) texts.push(await readString(cursor, kept));
    else skip(cursor, await readLength(cursor));
  }
  const items = texts.filter((text) => text !== null);
  return { count, items: items.length === count ? items : null };
}

async function readArray(cursor: Cursor, kept: Kept, depth = 1): Promise<GgufArray> {
  if (depth > deepestArray) throw corruptHeader(`Arrays lie more than ${deepestArray} deep in each other`);
  const type = await readType(cursor);
  if (type === "string") return readTexts(cursor, kept);
  if (type !== "array") return readNumbers(cursor, type, kept);
  const count = await readCount(cursor, "arrays");
  for (let index = 0; index < count; index++) await readArray(cursor, few, depth + 1);
  return { count, items: null };
}

async function readValue(cursor: Cursor, kept: Kept): Promise<GgufValue> {
  const type = await readType(cursor);
  if (type === "string") return readString(cursor, kept);
  if (type === "array") return readArray(cursor, kept);
  return readNext(cursor, scalarCodecs[type].bytes, scalarCodecs[type].decode);
}

/**
 * Reads the keys and values of a header.
 * @throws {ModelError} `truncated` or `corrupt-header`
 */
export async function readMetadata(cursor: Cursor, count: number, kept: Kept): Promise<readonly HeaderEntry[]> {
  const entries = new Map<string, HeaderEntry>();
  for (let index = 0; index < count; index++) {
    const key = await readName(cursor);
    if (entries.has(key)) throw corruptHeader(`The key ${JSON.stringify(key)} stands twice in the header`, { key });
    const offsetBytes = cursor.offset;
    const value = await readValue(cursor, kept);
    entries.set(key, { key, value, offsetBytes, bytes: cursor.offset - offsetBytes });
  }
  return [...entries.values()];
}
