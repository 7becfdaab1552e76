import type { TensorInfo } from "./model.ts";
import type { TensorType } from "./tensorType.ts";

/** The four letters that begin every GGUF file. */
export const ggufMagic = "GGUF";

/** Where tensor data begins and ends: multiples of this, unless the file says otherwise. */
export const defaultAlignmentBytes = 32;

/**
 * The value types of GGUF metadata; the place in the list is the number in the file.
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export const ggufTypes = [
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
  "bool",
  "string",
  "array",
  "uint64",
  "int64",
  "float64",
] as const;

/** The name of a metadata value type. */
export type GgufType = (typeof ggufTypes)[number];

/** A value type with a fixed number of bytes. */
export type GgufNumberType = Exclude<GgufType, "string" | "array">;

/** One metadata value; 64-bit numbers beyond the safe integers are bigints. */
export type GgufScalar = string | number | bigint | boolean;

/** An array of metadata: always its length, its items only when they are few and plain. */
export interface GgufArray {
  readonly count: number;
  /** Null for long arrays, such as vocabularies, and for arrays of arrays. */
  readonly items: readonly GgufScalar[] | null;
}

/** What a key holds; null for a text too long to keep. */
export type GgufValue = GgufScalar | GgufArray | null;

/** One key of a header, and where its type and value lie. */
export interface HeaderEntry {
  readonly key: string;
  readonly value: GgufValue;
  /** From the beginning of the file, the number of the type first. */
  readonly offsetBytes: number;
  readonly bytes: number;
}

/** What stands before the weights of a GGUF file. */
export interface GgufHeader {
  readonly version: number;
  /** Where tensors may begin: multiples of this. */
  readonly alignmentBytes: number;
  readonly entries: readonly HeaderEntry[];
  /** The values of the entries by their keys. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly TensorInfo[];
}

/** One key to be written: a value or, in its place, the items of an array, with the type of the value or of each item. */
export type GgufEntry = { readonly key: string; readonly type: Exclude<GgufType, "array"> } & (
  | { readonly value: GgufScalar; readonly items?: never }
  | { readonly items: readonly GgufScalar[]; readonly value?: never }
);

/** One key as a file has it: with its value, and with its type and value byte for byte, so that it is written back the same. */
export interface StoredEntry {
  readonly key: string;
  readonly type: GgufType;
  /** What an array holds; null for any other value. */
  readonly itemType: GgufType | null;
  /** With all its items, unless it is an array of arrays. */
  readonly value: GgufValue;
  readonly encoded: Buffer;
}

/** The value of a key, stored or to be written; undefined when no entry has it. */
export function valueOf(entries: readonly (GgufEntry | StoredEntry)[], key: string): GgufValue | undefined {
  return entries.find((entry) => entry.key === key)?.value;
}

/** The key of a file that says where its tensors may begin. */
export const alignmentKey = "general.alignment";

/** What that key says: multiples of this, or null when it holds no power of two. */
export function alignmentOf(value: GgufValue | undefined = defaultAlignmentBytes): number | null {
  return typeof value === "number" && Number.isInteger(Math.log2(value)) && value >= 1 ? value : null;
}

/** One tensor to be written. */
export interface TensorSpec {
  readonly name: string;
  /** Innermost first. */
  readonly dimensions: readonly number[];
  readonly type: TensorType;
}

/** The next multiple of the alignment, or the offset itself when it is one. */
export function alignUp(offset: number, alignment: number = defaultAlignmentBytes): number {
  return Math.ceil(offset / alignment) * alignment;
}
