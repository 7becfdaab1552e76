import { createRequire } from "node:module";
import type protobuf from "protobufjs";

/**
 * The messages of an ONNX file that numalab knows, a field each: its name, its type with a star for many, its number.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
const messages = {
  Model: [
    "irVersion int64 1",
    "producer string 2",
    "graph Graph 7",
    "operatorSets OperatorSet* 8",
    "metadata Entry* 14",
  ],
  OperatorSet: ["domain string 1", "version int64 2"],
  Entry: ["key string 1", "value string 2"],
  Graph: ["nodes Node* 1", "name string 2", "weights Tensor* 5", "inputs Value* 11", "outputs Value* 12"],
  Node: [
    "inputs string* 1",
    "outputs string* 2",
    "name string 3",
    "operator string 4",
    "attributes Attribute* 5",
    "domain string 7",
  ],
  Attribute: [
    "name string 1",
    "float float 2",
    "int int64 3",
    "text bytes 4",
    "tensor Tensor 5",
    "floats float* 7",
    "ints int64* 8",
    "kind int32 20",
  ],
  Tensor: [
    "dimensions int64* 1",
    "type int32 2",
    "floats float* 4",
    "int32s int32* 5",
    "int64s int64* 7",
    "name string 8",
    "raw bytes 9",
    "doubles double* 10",
    "uint64s uint64* 11",
    "external Entry* 13",
    "location int32 14",
  ],
  Value: ["name string 1", "type Type 2"],
  Type: ["tensor TensorType 1"],
  TensorType: ["elementType int32 1", "shape Shape 2"],
  Shape: ["dimensions Dimension* 1"],
  Dimension: ["size int64 1", "name string 2"],
} as const;

/** The numbers of the fields around weights, which are written without a copy. */
export const fieldNumbers = { graphOfModel: 7, weightOfGraph: 5, rawOfTensor: 9 };

/** Where a tensor's bytes lie, by `location`. */
export const externalLocation = 1;

let loaded: { readonly library: typeof protobuf; readonly root: protobuf.Root } | undefined;

function fieldOf(row: string): [name: string, field: protobuf.IField] {
  const [name = "", type = "", id] = row.split(" ");
  const field = { type: type.replace("*", ""), id: Number(id) };
  return [name, type.endsWith("*") ? { ...field, rule: "repeated" } : field];
}

/** The library with the messages; loaded when first needed, because that takes 50 ms. */
function load(): NonNullable<typeof loaded> {
  if (loaded !== undefined) return loaded;
  const library = createRequire(import.meta.url)("protobufjs/light.js") as typeof protobuf;
  const types = Object.entries(messages).map(([name, rows]) => [
    name,
    { fields: Object.fromEntries(rows.map(fieldOf)) },
  ]);
  const root = library.Root.fromJSON({ nested: Object.fromEntries(types) as Record<string, protobuf.IType> });
  loaded = { library, root };
  return loaded;
}

/** The bytes of a message. */
export function encodeMessage(name: keyof typeof messages, message: Readonly<Record<string, unknown>>): Uint8Array {
  return load().root.lookupType(name).encode(message).finish();
}

/** The bytes that stand before a field of so many bytes. */
export function encodeFieldHead(number: number, bytes: number): Uint8Array {
  return load()
    .library.Writer.create()
    .uint32((number << 3) | 2)
    .uint32(bytes)
    .finish();
}

/** A text that belongs to another. */
export interface EntryMessage {
  readonly key?: string;
  readonly value?: string;
}

/** A tensor as it stands in a file: its elements are in one of the lists, in `raw`, or in another file. */
export interface TensorMessage {
  readonly name?: string;
  readonly type?: number;
  readonly dimensions: readonly bigint[];
  readonly floats: readonly number[];
  readonly int32s: readonly number[];
  readonly int64s: readonly bigint[];
  readonly doubles: readonly number[];
  readonly uint64s: readonly bigint[];
  readonly raw?: Uint8Array;
  readonly external: readonly EntryMessage[];
  readonly location?: number;
}

/** A setting of a node as it stands in a file. */
export interface AttributeMessage {
  readonly name?: string;
  readonly kind?: number;
  readonly float?: number;
  readonly int?: bigint;
  readonly text?: Uint8Array;
  readonly tensor?: TensorMessage;
  readonly floats: readonly number[];
  readonly ints: readonly bigint[];
}

/** A node as it stands in a file. */
export interface NodeMessage {
  readonly name?: string;
  readonly operator?: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly AttributeMessage[];
}

/** An input or output as it stands in a file. */
export interface ValueMessage {
  readonly name?: string;
  readonly type?: {
    readonly tensor?: {
      readonly elementType?: number;
      readonly shape?: { readonly dimensions: readonly { readonly size?: bigint; readonly name?: string }[] };
    };
  };
}

/** A whole file. */
export interface ModelMessage {
  readonly graph?: {
    readonly name?: string;
    readonly nodes: readonly NodeMessage[];
    readonly weights: readonly TensorMessage[];
    readonly inputs: readonly ValueMessage[];
    readonly outputs: readonly ValueMessage[];
  };
  readonly operatorSets: readonly { readonly domain?: string; readonly version?: bigint }[];
  readonly metadata: readonly EntryMessage[];
}

/** What a file says; its `raw` bytes are views into `bytes`. */
export function decodeModelMessage(bytes: Uint8Array): ModelMessage {
  const type = load().root.lookupType("Model");
  const reader = load().library.Reader.create(bytes);
  reader.discardUnknown = true;
  return type.toObject(type.decode(reader), { longs: BigInt, arrays: true }) as ModelMessage;
}
