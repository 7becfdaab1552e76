import { compareSignals, type SignalSums } from "../../stats/index.ts";
import { CompressionError } from "../errors.ts";
import type { Matrix } from "./linearLayer.ts";

/** A matrix in whole numbers from −limit to limit, with one scale for each row or column. */
export interface IntegerMatrix {
  readonly values: Int8Array;
  readonly scales: Float32Array;
  /** The matrix against what its whole numbers stand for. */
  readonly sums: SignalSums;
}

/** How whole numbers are chosen. */
export interface IntegerOptions {
  /** What has a scale of its own. */
  readonly along: "rows" | "columns";
  /** The largest whole number. */
  readonly limit: number;
}

/** Calls `visit` for each element with the number of its row or column. */
function eachElement(
  { rowsCount, columnsCount }: Matrix,
  along: IntegerOptions["along"],
  visit: (index: number, channel: number) => void,
): void {
  for (let row = 0, index = 0; row < rowsCount; row++) {
    for (let column = 0; column < columnsCount; column++, index++) visit(index, along === "rows" ? row : column);
  }
}

function scalesOf(matrix: Matrix, { along, limit }: IntegerOptions): Float32Array {
  const largest = new Float32Array(along === "rows" ? matrix.rowsCount : matrix.columnsCount);
  eachElement(matrix, along, (index, channel) => {
    const size = Math.abs(matrix.values[index] as number);
    if (!(size <= (largest[channel] as number))) largest[channel] = size; // not ">", so that NaN is kept
  });
  if (!largest.every(Number.isFinite)) {
    throw new CompressionError("weights-not-finite", "A weight is not a finite number. Repair the model first.");
  }
  return largest.map((size) => (size === 0 ? 1 : size / limit));
}

/**
 * The nearest whole numbers with symmetric scales: the largest of each row or column becomes the limit.
 * @throws {CompressionError} `weights-not-finite`
 */
export function integerMatrixOf(matrix: Matrix, options: IntegerOptions): IntegerMatrix {
  const scales = scalesOf(matrix, options);
  const values = new Int8Array(matrix.values.length);
  const restored = new Float32Array(matrix.values.length);
  eachElement(matrix, options.along, (index, channel) => {
    const scale = scales[channel] as number;
    const whole = Math.round((matrix.values[index] as number) / scale);
    values[index] = whole;
    restored[index] = whole * scale;
  });
  return { values, scales, sums: compareSignals(matrix.values, restored) };
}
