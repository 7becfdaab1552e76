import { closeSync, openSync, readSync } from "node:fs";
import { tensorBytesOf, tensorTypeOf } from "../../model/index.ts";
import { answer } from "./answer.ts";
import type { Unpack } from "./typeTraits.ts";

// The process that compares the weights of two files.

/** Where the same tensor lies in both files. */
export interface TensorPair {
  readonly name: string;
  readonly rowWeightsCount: number;
  readonly rowsCount: number;
  readonly original: { readonly type: string; readonly offsetBytes: number };
  readonly quantized: { readonly type: string; readonly offsetBytes: number };
}

/** Two files, and the tensors in them to be compared. */
export interface ComparerTask {
  readonly librariesFolder: string;
  readonly originalPath: string;
  readonly quantizedPath: string;
  readonly pairs: readonly TensorPair[];
  /** The most weights of a tensor that are read. */
  readonly sampledWeightsCount: number;
}

/** The sums over the sampled weights of one tensor. */
export interface PowerSums {
  readonly name: string;
  readonly sampledRowsCount: number;
  /** Of the squares of the original weights; null where the format holds no weights. */
  readonly signal: number | null;
  /** Of the squares of what the other file differs by. */
  readonly noise: number | null;
}

/** Reads a row of one tensor of one file. */
type ReadRow = (rowIndex: number) => Float32Array;

function rowReader(
  file: number,
  { type, offsetBytes }: TensorPair["original"],
  row: { readonly weightsCount: number; readonly unpack: Unpack },
): ReadRow {
  const bytes = Buffer.alloc(tensorBytesOf({ dimensions: [row.weightsCount], type: tensorTypeOf(type) }));
  const weights = new Float32Array(row.weightsCount);
  return (rowIndex) => {
    readSync(file, bytes, 0, bytes.length, offsetBytes + rowIndex * bytes.length);
    row.unpack(bytes, weights);
    return weights;
  };
}

function sumsOf(original: Float32Array, quantized: Float32Array): readonly [signal: number, noise: number] {
  let signal = 0;
  let noise = 0;
  for (let at = 0; at < original.length; at++) {
    const weight = original[at] as number;
    const difference = weight - (quantized[at] as number);
    signal += weight * weight;
    noise += difference * difference;
  }
  return [signal, noise];
}

interface Files {
  readonly original: number;
  readonly quantized: number;
  readonly unpackOf: (type: string) => Unpack | null;
}

/** Compares rows at equal distances. */
function compare(pair: TensorPair, sampledWeightsCount: number, files: Files): PowerSums {
  const { name, rowWeightsCount: weightsCount, rowsCount } = pair;
  const sampledRowsCount = Math.min(rowsCount, Math.ceil(sampledWeightsCount / weightsCount));
  const [unpackOriginal, unpackQuantized] = [files.unpackOf(pair.original.type), files.unpackOf(pair.quantized.type)];
  if (unpackOriginal === null || unpackQuantized === null)
    return { name, sampledRowsCount: 0, signal: null, noise: null };
  const readOriginal = rowReader(files.original, pair.original, { weightsCount, unpack: unpackOriginal });
  const readQuantized = rowReader(files.quantized, pair.quantized, { weightsCount, unpack: unpackQuantized });
  const total = { signal: 0, noise: 0 };
  for (let index = 0; index < sampledRowsCount; index++) {
    const rowIndex = Math.floor((index * rowsCount) / sampledRowsCount);
    const [signal, noise] = sumsOf(readOriginal(rowIndex), readQuantized(rowIndex));
    total.signal += signal;
    total.noise += noise;
  }
  return { name, sampledRowsCount, ...total };
}

async function compareAll(task: ComparerTask): Promise<readonly PowerSums[]> {
  const { openTypeTraits } = await import("./typeTraits.ts");
  const files = {
    unpackOf: openTypeTraits(task.librariesFolder),
    original: openSync(task.originalPath, "r"),
    quantized: openSync(task.quantizedPath, "r"),
  };
  const sums = task.pairs.map((pair) => compare(pair, task.sampledWeightsCount, files));
  closeSync(files.original);
  closeSync(files.quantized);
  return sums;
}

void answer(compareAll);
