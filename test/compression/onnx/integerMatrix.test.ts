import { describe, expect, it } from "vitest";
import { integerMatrixOf } from "../../../sdk/compression/onnx/integerMatrix.ts";
import { normal } from "../smallGraphs.ts";

describe("a matrix in whole numbers", () => {
  const matrix = { values: normal(12, 1), rowsCount: 3, columnsCount: 4 };

  it("is no further from the original than half a step", () => {
    for (const along of ["rows", "columns"] as const) {
      const { values, scales } = integerMatrixOf(matrix, { along, limit: 127 });
      expect(scales).toHaveLength(along === "rows" ? 3 : 4);
      for (const [index, value] of values.entries()) {
        const scale = scales[along === "rows" ? Math.floor(index / 4) : index % 4]!;
        expect(Math.abs(value * scale - matrix.values[index]!)).toBeLessThanOrEqual(scale * 0.5001);
      }
    }
  });

  it("uses all of the range it is given, and no more", () => {
    const { values } = integerMatrixOf(matrix, { along: "rows", limit: 63 });
    expect(Math.max(...values.map(Math.abs))).toBe(63);
  });

  it("keeps a column of zeros", () => {
    const zeros = { values: Float32Array.of(0, 1, 0, 2), rowsCount: 2, columnsCount: 2 };
    const { values, sums } = integerMatrixOf(zeros, { along: "columns", limit: 127 });
    expect([...values]).toEqual([0, 64, 0, 127]);
    expect(sums.noise).toBeLessThan(1e-4);
  });

  it("is refused where a weight is not finite", () => {
    for (const value of [NaN, Infinity]) {
      const broken = { values: Float32Array.of(1, value), rowsCount: 1, columnsCount: 2 };
      expect(() => integerMatrixOf(broken, { along: "rows", limit: 127 })).toThrow(
        expect.objectContaining({ code: "weights-not-finite" }),
      );
    }
  });
});
