import { describe, expect, it } from "vitest";
import { createHistogram } from "../../../sdk/compression/onnx/histogram.ts";
import { chooseRange } from "../../../sdk/compression/onnx/range.ts";
import { normal } from "../smallGraphs.ts";

function histogramOf(values: Float32Array) {
  const histogram = createHistogram();
  histogram.add(values);
  return histogram.read();
}

describe("a range", () => {
  const values = normal(100_000, 1);
  const withOutliers = histogramOf(Float32Array.of(...values.subarray(0, 50_000), 40, -25));

  it("holds all that was seen by min-max, and zero always", () => {
    expect(chooseRange(withOutliers, "min-max")).toEqual({ lowest: -25, highest: 40 });
    expect(chooseRange(histogramOf(Float32Array.of(3, 5)), "min-max")).toEqual({ lowest: 0, highest: 5 });
    expect(chooseRange(histogramOf(new Float32Array(3)), "entropy")).toEqual({ lowest: 0, highest: 0 });
  });

  it.each(["percentile", "entropy"] as const)("leaves outliers out by %s", (method) => {
    const { lowest, highest } = chooseRange(withOutliers, method);
    expect(highest).toBeGreaterThan(1.5);
    expect(highest).toBeLessThan(6);
    expect(lowest).toBeLessThan(-1.5);
    expect(lowest).toBeGreaterThan(-6);
  });

  it.each(["percentile", "entropy"] as const)("stays on its side of zero by %s", (method) => {
    const { lowest, highest } = chooseRange(histogramOf(values.map(Math.abs)), method);
    expect(lowest).toBeCloseTo(0, 2);
    expect(highest).toBeGreaterThan(1.5);
  });

  it("does not shrink by entropy for the zeros of a Relu", () => {
    const relu = histogramOf(values.map((value) => Math.max(0, value)));
    expect(chooseRange(relu, "entropy").highest).toBeGreaterThan(2.5);
  });

  it("keeps values that are spread evenly whole by entropy", () => {
    const even = Float32Array.from({ length: 100_000 }, (_, at) => at / 50_000 - 1);
    expect(chooseRange(histogramOf(even), "entropy").highest).toBeGreaterThan(0.95);
  });
});
