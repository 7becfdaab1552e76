import { describe, expect, test } from "vitest";
import { decodeOnnx } from "../../sdk/onnx/decoding.ts";
import type { ElementType } from "../../sdk/onnx/elementType.ts";
import { elementTypes } from "../../sdk/onnx/elementType.ts";
import { encodeOnnx } from "../../sdk/onnx/encoding.ts";
import type { OnnxGraph } from "../../sdk/onnx/graph.ts";
import { float32Of, tensorBytesOf } from "../../sdk/onnx/tensor.ts";
import { smallGraph } from "./fixtures.ts";

/** A graph that only holds weights. */
function graphOf(weights: OnnxGraph["weights"]): OnnxGraph {
  return { ...smallGraph(), inputs: [], outputs: [], nodes: [], weights };
}

function codeOfEncoding(graph: OnnxGraph): unknown {
  try {
    return encodeOnnx(graph);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

test("a graph read back is the graph that was written", () => {
  const graph = smallGraph();
  const bytes = encodeOnnx(graph);
  const read = decodeOnnx(bytes);
  expect({ ...read, nodes: [] }).toEqual({ ...graph, nodes: [] });
  expect(Buffer.from(encodeOnnx(read)).equals(bytes)).toBe(true);
});

test("weights read back are views into the bytes", () => {
  const bytes = encodeOnnx(smallGraph());
  expect(decodeOnnx(bytes).weights.map(({ data }) => data.buffer)).toEqual([bytes.buffer, bytes.buffer]);
});

test("the real numbers of a weight are read wherever its bytes lie", () => {
  const [matrix] = decodeOnnx(encodeOnnx(smallGraph())).weights;
  for (const shift of [0, 1, 2, 3]) {
    const data = Buffer.concat([Buffer.alloc(shift), matrix!.data]).subarray(shift);
    expect(float32Of({ ...matrix!, data })[5]).toBe(5 / 512);
  }
});

test.for([...elementTypes.values()])("a tensor of %s keeps its bytes", (type: ElementType) => {
  const data = new Uint8Array(tensorBytesOf(type, [2, 3])).map((_, index) => index + 1);
  const graph = graphOf([{ name: "w", type, dimensions: [2, 3], data }]);
  expect(decodeOnnx(encodeOnnx(graph)).weights).toEqual(graph.weights);
});

describe("a graph is refused before a byte is written", () => {
  const weight = { name: "w", type: "float32", dimensions: [2], data: new Uint8Array(8) } as const;
  const output = { name: "y", type: "float32", dimensions: [1] } as const;
  const node = { name: "n", operator: "Relu", domain: "", inputs: ["w"], outputs: ["y"], attributes: {} };

  test.for<readonly [code: string, found: string, graph: OnnxGraph]>([
    ["shape-mismatch", "too few bytes", graphOf([{ ...weight, data: new Uint8Array(7) }])],
    ["shape-mismatch", "half a dimension", graphOf([{ ...weight, dimensions: [0.5, 4] }])],
    ["duplicate-name", "two weights of one name", graphOf([weight, weight])],
    ["duplicate-name", "two nodes that give one value", { ...graphOf([weight]), nodes: [node, node] }],
    ["unknown-name", "an output that nothing gives", { ...graphOf([weight]), outputs: [output] }],
    ["unknown-name", "a node before what it needs", { ...graphOf([]), nodes: [node] }],
  ])("as %s for %s", ([code, , graph]) => {
    expect(codeOfEncoding(graph)).toBe(code);
  });
});
