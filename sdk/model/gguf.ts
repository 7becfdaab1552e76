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

/** What stands before the weights of a GGUF file. */
export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly TensorInfo[];
}

/** One key to be written: a value or, in its place, the items of an array, with the type of the value or of each item. */
export type GgufEntry = { readonly key: string; readonly type: Exclude<GgufType, "array"> } & (
  | { readonly value: GgufScalar; readonly items?: never }
  | { readonly items: readonly GgufScalar[]; readonly value?: never }
);

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
