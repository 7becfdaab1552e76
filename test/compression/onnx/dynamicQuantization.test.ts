import { describe, expect, it } from "vitest";
import { quantizeDynamic } from "../../../sdk/compression/onnx/dynamicQuantization.ts";
import { encodeOnnx } from "../../../sdk/onnx/index.ts";
import { smallEncoder } from "../smallGraphs.ts";

const graph = smallEncoder();
const operatorsOf = (nodes: readonly { operator: string }[], wanted: string): number =>
  nodes.filter(({ operator }) => operator === wanted).length;

describe("dynamic quantization", () => {
  it("replaces every layer, and quantizes a value that three layers read once", () => {
    const { graph: quantized, layers } = quantizeDynamic(graph);
    expect(layers).toHaveLength(13);
    expect(operatorsOf(quantized.nodes, "MatMulInteger")).toBe(12);
    expect(operatorsOf(quantized.nodes, "DynamicQuantizeLinear")).toBe(8);
    for (const { weightError } of layers) expect(weightError.sqnrDecibels).toBeGreaterThan(40);
    expect(encodeOnnx(quantized).length).toBeLessThan(0.45 * encodeOnnx(graph).length);
  });

  it("keeps what is to be skipped, tables on request, and the original graph", () => {
    const before = JSON.stringify(graph.nodes);
    const { layers } = quantizeDynamic(graph, { embeddings: false, skip: ["layer0.query"] });
    expect(layers.map(({ name }) => name)).not.toContain("embedding");
    expect(layers).toHaveLength(11);
    expect(JSON.stringify(graph.nodes)).toBe(before);
  });

  it("refuses a quantized graph unless forced, and one without weights", () => {
    const { graph: quantized } = quantizeDynamic(graph, { skip: ["layer0.query"] });
    expect(() => quantizeDynamic(quantized)).toThrow(expect.objectContaining({ code: "already-quantized" }));
    expect(quantizeDynamic(quantized, { isForced: true }).layers.map(({ name }) => name)).toEqual(["layer0.query"]);
    const bare = { ...graph, nodes: graph.nodes.filter(({ operator }) => operator === "Softmax") };
    expect(() => quantizeDynamic(bare)).toThrow(expect.objectContaining({ code: "nothing-to-quantize" }));
  });

  it("refuses operators older than those it writes", () => {
    const old = { ...graph, operatorSets: { "": 11 } };
    expect(() => quantizeDynamic(old)).toThrow(expect.objectContaining({ code: "operator-set-too-old" }));
  });
});
