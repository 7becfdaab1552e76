import { columnPowers, compareRungs, pruneGraph, quantizeDynamic, valueErrors } from "numalab/compression";
import { planNativeInstance } from "numalab/inference";
import { float32Of, type OnnxGraph, tensorOf } from "numalab/onnx";
import { describe, expect, it } from "vitest";
import { sentence, small, smallEncoder } from "../smallGraphs.ts";

const original = smallEncoder();
const samples = [sentence(), sentence(), sentence()];
const instance = await planNativeInstance(1);

/** The graph with zeros where the units that were left out are read. */
function silence(graph: OnnxGraph, weightName: string, keptRows: ReadonlySet<number>): OnnxGraph {
  const weights = graph.weights.map((weight) => {
    if (weight.name !== weightName) return weight;
    const columnsCount = weight.dimensions[1]!;
    const values = float32Of(weight).map((value, at) => (keptRows.has(Math.floor(at / columnsCount)) ? value : 0));
    return tensorOf(weight.name, values, weight.dimensions);
  });
  return { ...graph, weights };
}

describe("pruning by a score on samples", () => {
  it("computes what the original does with those heads and neurons silenced", async () => {
    const powers = await columnPowers(original, { samples, instance });
    const { graph, units } = pruneGraph(original, { heads: [3, 2], neurons: 0.5, powers });
    let silenced = original;
    for (const { kind, name, keptUnits } of units) {
      const width = kind === "heads" ? small.headSize : 1;
      const rows = keptUnits.flatMap((unit) => Array.from({ length: width }, (_, row) => unit * width + row));
      silenced = silence(silenced, `${name}.weight`, new Set(rows));
    }
    const [output] = await valueErrors({ original: silenced, other: graph }, { samples, instance });
    expect(output!.cosine).toBeCloseTo(1, 12);
    expect(output!.sqnrDecibels ?? output!.reason).toSatisfy((found) => found === "equal" || Number(found) > 90);
  });
});

describe("rungs", () => {
  it("show size, operations, latency and error, each beside the first", async () => {
    const pruned = pruneGraph(original, { heads: 0.5, neurons: 0.5 }).graph;
    const rungs = [
      { name: "FP32", graph: original },
      { name: "INT8", graph: quantizeDynamic(original).graph },
      { name: "pruned + INT8", graph: quantizeDynamic(pruned).graph },
    ];
    const lossOf = (_: unknown, index: number): number => index;
    const rows = await compareRungs(rungs, { samples, instance, roundsCount: 3, lossOf });
    expect(rows.map(({ name }) => name)).toEqual(["FP32", "INT8", "pruned + INT8"]);
    const [first, int8, both] = rows;
    expect(first).toMatchObject({ latencyRatio: null, error: { reason: "equal" }, loss: 1 });
    expect(int8!.latencyRatio!.count).toBe(3);
    expect(first!.operations.multiplyAddsCount).toBeGreaterThan(0);
    expect(int8!.operations.multiplyAddsCount).toBe(first!.operations.multiplyAddsCount);
    expect(both!.operations.multiplyAddsCount).toBeLessThan(int8!.operations.multiplyAddsCount!);
    expect(int8!.fileBytesRatio).toBeCloseTo(int8!.fileBytes / first!.fileBytes);
    expect(int8!.fileBytes).toBeLessThan(first!.fileBytes);
    expect(both!.fileBytes).toBeLessThan(int8!.fileBytes);
    expect(both!.error.sqnrDecibels).toBeLessThan(int8!.error.sqnrDecibels!);
    expect(both!.latencySeconds.estimate).toBeGreaterThan(0);
  });
});
