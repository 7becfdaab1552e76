import type { GgufNumberType, GgufScalar, GgufType } from "./gguf.ts";

/** How one fixed-size value lies in a file. */
export interface ScalarCodec {
  readonly bytes: number;
  readonly decode: (buffer: Buffer, at: number) => GgufScalar;
  readonly encode: (buffer: Buffer, at: number, value: GgufScalar) => void;
}

/** The same whole number as a plain number where that is exact. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The fixed-size value types of GGUF metadata, little-endian. */
export const scalarCodecs: Readonly<Record<GgufNumberType, ScalarCodec>> = {
  uint8: { bytes: 1, decode: (b, at) => b.readUInt8(at), encode: (b, at, v) => b.writeUInt8(Number(v), at) },
  int8: { bytes: 1, decode: (b, at) => b.readInt8(at), encode: (b, at, v) => b.writeInt8(Number(v), at) },
  uint16: { bytes: 2, decode: (b, at) => b.readUInt16LE(at), encode: (b, at, v) => b.writeUInt16LE(Number(v), at) },
  int16: { bytes: 2, decode: (b, at) => b.readInt16LE(at), encode: (b, at, v) => b.writeInt16LE(Number(v), at) },
  uint32: { bytes: 4, decode: (b, at) => b.readUInt32LE(at), encode: (b, at, v) => b.writeUInt32LE(Number(v), at) },
  int32: { bytes: 4, decode: (b, at) => b.readInt32LE(at), encode: (b, at, v) => b.writeInt32LE(Number(v), at) },
  float32: { bytes: 4, decode: (b, at) => b.readFloatLE(at), encode: (b, at, v) => b.writeFloatLE(Number(v), at) },
  bool: { bytes: 1, decode: (b, at) => b.readUInt8(at) !== 0, encode: (b, at, v) => b.writeUInt8(Number(v), at) },
  uint64: {
    bytes: 8,
    decode: (b, at) => narrow(b.readBigUInt64LE(at)),
    encode: (b, at, v) => b.writeBigUInt64LE(BigInt(v), at),
  },
  int64: {
    bytes: 8,
    decode: (b, at) => narrow(b.readBigInt64LE(at)),
    encode: (b, at, v) => b.writeBigInt64LE(BigInt(v), at),
  },
  float64: { bytes: 8, decode: (b, at) => b.readDoubleLE(at), encode: (b, at, v) => b.writeDoubleLE(Number(v), at) },
};

/** Whether a value can be stored in a type without loss of range. */
export function fits(type: Exclude<GgufType, "array">, value: unknown): value is GgufScalar {
  if (type === "string" || type === "bool") return typeof value === (type === "bool" ? "boolean" : "string");
  if (type === "float32" || type === "float64") return typeof value === "number";
  if (typeof value !== "bigint" && !Number.isInteger(value)) return false;
  const whole = BigInt(value as number | bigint);
  const bits = 8 * scalarCodecs[type].bytes;
  return (type.startsWith("u") ? BigInt.asUintN(bits, whole) : BigInt.asIntN(bits, whole)) === whole;
}
