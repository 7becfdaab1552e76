import { describe, expect, it } from "vitest";
import { createHistogram } from "../../../sdk/compression/onnx/histogram.ts";
import { normal } from "../smallGraphs.ts";

describe("a growing histogram", () => {
  it("counts all values, whatever the order of their sizes", () => {
    const histogram = createHistogram();
    for (const spread of [0.01, 1, 0.1, 30]) histogram.add(normal(1000, spread));
    const { counts, count, limit, minimum, maximum } = histogram.read();
    expect(count).toBe(4000);
    expect(counts.reduce((sum, of) => sum + of, 0)).toBe(4000);
    expect(limit).toBeGreaterThanOrEqual(Math.max(-minimum, maximum));
    expect(limit).toBeLessThan(2 * Math.max(-minimum, maximum));
  });

  it("puts a value into the bin that it lies in, before and after the bins widen", () => {
    const histogram = createHistogram();
    histogram.add(Float32Array.of(1, 0.25, -0.25));
    histogram.add(Float32Array.of(-4));
    const { counts, limit } = histogram.read();
    const centres = [...counts.entries()].filter(([, count]) => count > 0);
    const values = centres.map(([bin]) => ((bin + 0.5) / counts.length) * 2 * limit - limit);
    for (const [at, expected] of [-4, -0.25, 0.25, 1].entries()) expect(values[at]).toBeCloseTo(expected, 2);
  });

  it("holds zeros before anything else", () => {
    const histogram = createHistogram();
    histogram.add(new Float32Array(5));
    expect(histogram.read()).toMatchObject({ minimum: 0, maximum: 0, count: 5, limit: 0 });
    histogram.add(Float32Array.of(1));
    expect(histogram.read()).toMatchObject({ maximum: 1, count: 6 });
  });

  it("refuses what is not finite", () => {
    expect(() => {
      createHistogram().add(Float32Array.of(1, NaN));
    }).toThrow(expect.objectContaining({ code: "bad-samples" }));
  });
});
