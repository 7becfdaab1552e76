import { describe, expect, it } from "vitest";
import { foldNorms } from "../../../sdk/compression/onnx/normFolding.ts";
import { buildConvolutionNet, checkGraph } from "../../../sdk/onnx/index.ts";
import { smallEncoder } from "../smallGraphs.ts";

const shape = { blocksCounts: [1, 1], block: "basic", channelsCount: 8, classesCount: 5, imageSize: 32 } as const;

describe("batch norms", () => {
  it("are taken into the convolutions before them", () => {
    const net = buildConvolutionNet({ ...shape, norms: "kept", randomSeed: 1 });
    const folded = foldNorms(net);
    checkGraph(folded);
    const operators = folded.nodes.map(({ operator }) => operator);
    expect(operators).not.toContain("BatchNormalization");
    expect(operators.filter((operator) => operator === "Conv")).toHaveLength(6);
    expect(folded.nodes.filter(({ operator }) => operator === "Conv").every(({ inputs }) => inputs.length === 3)).toBe(
      true,
    );
    expect(folded.weights.length).toBeLessThan(net.weights.length);
  });

  it("stay where something else reads the convolution", () => {
    const net = buildConvolutionNet({ ...shape, norms: "kept", randomSeed: 1 });
    const [convolved = ""] = net.nodes.find(({ operator }) => operator === "Conv")!.outputs;
    const watched = {
      ...net,
      outputs: [...net.outputs, { name: convolved, type: "float32", dimensions: [] }],
    } as const;
    const count = (graph: typeof net) => graph.nodes.filter(({ operator }) => operator === "BatchNormalization").length;
    expect(count(foldNorms(watched))).toBe(1);
  });

  it("are none in a graph without", () => {
    const encoder = smallEncoder();
    expect(foldNorms(encoder)).toEqual(encoder);
  });
});
