import { compareSignals, type SignalSums } from "../../stats/index.ts";
import { CompressionError } from "../errors.ts";
import type { Matrix } from "./linearLayer.ts";

/** How a row is cut into blocks. */
export interface BlockFormat {
  /** Bits a weight. */
  readonly bits: 4 | 8;
  /** Weights that share a scale. */
  readonly blockSize: number;
  /** Whether zero is in the middle of each block's range; otherwise each block stores where it is. */
  readonly isSymmetric: boolean;
}

/** A matrix whose rows are cut into blocks of small whole numbers, packed as MatMulNBits reads them. */
export interface BlockMatrix {
  /** Row by row and block by block, with 4 bits the lower half of a byte first; the last block of a row is filled up. */
  readonly packed: Uint8Array;
  /** One a block. */
  readonly scales: Float32Array;
  /** One a block, packed like the weights, each row from a whole byte on; null where zero is in the middle. */
  readonly zeroPoints: Uint8Array | null;
  readonly blocksInRowCount: number;
  readonly sums: SignalSums;
}

/** One block: what its whole numbers are, and what they stand for. */
interface Block {
  readonly scale: number;
  readonly zeroPoint: number;
  readonly levels: readonly number[];
}

type Range = Pick<Block, "scale" | "zeroPoint">;

/** The weight of the largest size becomes the most negative number, which has no positive counterpart. */
function symmetricRangeOf(weights: Float32Array, middle: number): Range {
  const largest = weights.reduce((most, weight) => (Math.abs(weight) > Math.abs(most) ? weight : most), 0);
  return { scale: largest === 0 ? 1 : Math.fround(-largest / middle), zeroPoint: middle };
}

/** The range always holds zero, so that zero stays exact. */
function asymmetricRangeOf(weights: Float32Array, highestLevel: number): Range {
  const lowest = weights.reduce((least, weight) => Math.min(least, weight), 0);
  const highest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  if (lowest === highest) return { scale: 1, zeroPoint: 0 };
  const scale = Math.fround((highest - lowest) / highestLevel);
  return { scale, zeroPoint: Math.round(-lowest / scale) };
}

function blockOf(weights: Float32Array, { bits, isSymmetric }: BlockFormat): Block {
  const highestLevel = 2 ** bits - 1;
  const range = isSymmetric ? symmetricRangeOf(weights, 2 ** (bits - 1)) : asymmetricRangeOf(weights, highestLevel);
  const levels = Array.from(weights, (weight) =>
    Math.min(highestLevel, Math.max(0, Math.round(weight / range.scale) + range.zeroPoint)),
  );
  return { ...range, levels };
}

/** Bytes that numbers of 4 or 8 bits are put into, each at its place. */
function createPacked(count: number, bits: number) {
  const bytes = new Uint8Array(Math.ceil((count * bits) / 8));
  const put = (at: number, value: number): void => {
    if (bits === 8) bytes[at] = value;
    else bytes[at >> 1] = (bytes[at >> 1] as number) | (value << (4 * (at & 1)));
  };
  return { bytes, put };
}

function assertFinite(values: Float32Array): void {
  if (values.every(Number.isFinite)) return;
  throw new CompressionError("weights-not-finite", "A weight is not a finite number. Repair the model first.");
}

/**
 * The matrix in blocks along its rows.
 * @throws {CompressionError} `weights-not-finite`
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#commicrosoftmatmulnbits
 */
export function blockMatrixOf({ values, rowsCount, columnsCount }: Matrix, format: BlockFormat): BlockMatrix {
  assertFinite(values);
  const { bits, blockSize, isSymmetric } = format;
  const blocksInRowCount = Math.ceil(columnsCount / blockSize);
  const zeroPointsInRowCount = bits === 4 ? 2 * Math.ceil(blocksInRowCount / 2) : blocksInRowCount;
  const packed = createPacked(rowsCount * blocksInRowCount * blockSize, bits);
  const zeroPoints = createPacked(rowsCount * zeroPointsInRowCount, bits);
  const scales = new Float32Array(rowsCount * blocksInRowCount);
  const restored = new Float32Array(values.length);
  for (let at = 0; at < scales.length; at++) {
    const [row, blockInRow] = [Math.floor(at / blocksInRowCount), at % blocksInRowCount];
    const begin = row * columnsCount + blockInRow * blockSize;
    const weights = values.subarray(begin, Math.min(begin + blockSize, (row + 1) * columnsCount));
    const { scale, zeroPoint, levels } = blockOf(weights, format);
    scales[at] = scale;
    zeroPoints.put(row * zeroPointsInRowCount + blockInRow, zeroPoint);
    for (const [index, level] of levels.entries()) {
      packed.put(at * blockSize + index, level);
      restored[begin + index] = (level - zeroPoint) * scale;
    }
  }
  const sums = compareSignals(values, restored);
  const stored = { packed: packed.bytes, scales, zeroPoints: isSymmetric ? null : zeroPoints.bytes };
  return { ...stored, blocksInRowCount, sums };
}
