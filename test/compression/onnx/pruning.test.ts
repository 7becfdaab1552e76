import { describe, expect, it } from "vitest";
import { pruneGraph } from "../../../sdk/compression/onnx/pruning.ts";
import { quantizeDynamic } from "../../../sdk/compression/onnx/dynamicQuantization.ts";
import { checkGraph } from "../../../sdk/onnx/index.ts";
import { smallConvolutionNet, smallEncoder } from "../smallGraphs.ts";

const graph = smallEncoder();

describe("pruning", () => {
  it("makes matrices, biases and shapes narrower, each layer to its own number", () => {
    const { graph: pruned, units } = pruneGraph(graph, { heads: [3, 2], neurons: 0.5 });
    checkGraph(pruned);
    const sizes = new Map(pruned.weights.map(({ name, dimensions }) => [name, dimensions]));
    expect(sizes.get("layer0.query.weight")).toEqual([32, 24]);
    expect(sizes.get("layer1.value.bias")).toEqual([16]);
    expect(sizes.get("layer1.output.weight")).toEqual([16, 32]);
    expect(sizes.get("layer0.widen.bias")).toEqual([32]);
    expect(units.map(({ kind, keptUnits }) => [kind, keptUnits.length])).toEqual([
      ["heads", 3],
      ["heads", 2],
      ["neurons", 32],
      ["neurons", 32],
    ]);
  });

  it("keeps the units that contribute most on samples", () => {
    const powers = new Map([["Relu:0", Float64Array.from({ length: 64 }, (_, at) => (at < 16 ? 1 : 1e-9))]]);
    const { units } = pruneGraph(graph, { neurons: 0.25, powers });
    const first = units.find(({ name }) => name === "layer0.narrow");
    expect(first?.keptUnits).toEqual(Array.from({ length: 16 }, (_, at) => at));
  });

  it.each([
    [{ heads: 0 }, "bad-setting"],
    [{ heads: 1.5 }, "bad-setting"],
    [{ heads: [0, 4] }, "bad-setting"],
    [{ neurons: NaN }, "bad-setting"],
    [{ heads: [2] }, "bad-setting"],
  ])("refuses %o with %s", (options, code) => {
    expect(() => pruneGraph(graph, options)).toThrow(expect.objectContaining({ code }));
  });

  it("refuses graphs without heads, and quantized ones", () => {
    for (const other of [smallConvolutionNet(), quantizeDynamic(graph).graph]) {
      expect(() => pruneGraph(other, { heads: 0.5 })).toThrow(expect.objectContaining({ code: "not-prunable" }));
    }
  });
});
