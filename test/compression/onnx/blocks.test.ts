import { describe, expect, it } from "vitest";
import { type BlockFormat, type BlockMatrix, blockMatrixOf } from "../../../sdk/compression/onnx/blocks.ts";
import { signalErrorOf } from "../../../sdk/stats/index.ts";
import { normal } from "../smallGraphs.ts";

const matrix = { values: normal(5 * 40, 1), rowsCount: 5, columnsCount: 40 };

function numberAt(bytes: Uint8Array, at: number, bits: 4 | 8): number {
  return bits === 8 ? bytes[at]! : (bytes[at >> 1]! >> (4 * (at & 1))) & 15;
}

/** The weights as the operator's definition restores them. */
function restore(
  { packed, scales, zeroPoints, blocksInRowCount }: BlockMatrix,
  { bits, blockSize }: BlockFormat,
): number[] {
  const paddedBlocksCount = bits === 4 ? 2 * Math.ceil(blocksInRowCount / 2) : blocksInRowCount;
  return Array.from(matrix.values, (_, index) => {
    const [row, column] = [Math.floor(index / 40), index % 40];
    const blockInRow = Math.floor(column / blockSize);
    const block = row * blocksInRowCount + blockInRow;
    const zeroPoint =
      zeroPoints === null ? 2 ** (bits - 1) : numberAt(zeroPoints, row * paddedBlocksCount + blockInRow, bits);
    return (numberAt(packed, block * blockSize + (column % blockSize), bits) - zeroPoint) * scales[block]!;
  });
}

describe("a matrix in blocks", () => {
  const formats = [4, 8].flatMap((bits) =>
    [true, false].map((isSymmetric) => ({ bits: bits as 4 | 8, blockSize: 16, isSymmetric })),
  );

  it.each(formats)("is restored from its bytes with $bits bits, symmetric: $isSymmetric", (format) => {
    const blocks = blockMatrixOf(matrix, format);
    expect(blocks.blocksInRowCount).toBe(3);
    const noise = restore(blocks, format).reduce((sum, value, at) => sum + (value - matrix.values[at]!) ** 2, 0);
    expect(noise).toBeCloseTo(blocks.sums.noise, 6);
    expect(signalErrorOf(blocks.sums).sqnrDecibels).toBeGreaterThan(format.bits === 4 ? 20 : 44);
  });

  it("loses less in smaller blocks", () => {
    const errors = [16, 32, 64].map((blockSize) => {
      const { sums } = blockMatrixOf(matrix, { bits: 4, blockSize, isSymmetric: true });
      return signalErrorOf(sums).sqnrDecibels!;
    });
    expect(errors).toEqual(errors.toSorted((one, other) => other - one));
  });

  it("keeps zero exact, and refuses what is not finite", () => {
    const row = { values: Float32Array.of(0, 3, 5, 7.7), rowsCount: 1, columnsCount: 4 };
    const { packed, zeroPoints } = blockMatrixOf(row, { bits: 8, blockSize: 16, isSymmetric: false });
    expect(packed[0]).toBe(zeroPoints![0]);
    const broken = { values: Float32Array.of(NaN), rowsCount: 1, columnsCount: 1 };
    expect(() => blockMatrixOf(broken, { bits: 4, blockSize: 16, isSymmetric: true })).toThrow(
      expect.objectContaining({ code: "weights-not-finite" }),
    );
  });
});
