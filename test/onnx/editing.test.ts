import { expect, test } from "vitest";
import { consumersOf, sorted, withoutUnused, withWeights } from "../../sdk/onnx/editing.ts";
import { tensorOf } from "../../sdk/onnx/tensor.ts";
import { smallGraph } from "./fixtures.ts";

const graph = smallGraph();
const unused = {
  name: "unused",
  operator: "Relu",
  domain: "",
  inputs: ["extra"],
  outputs: ["nothing"],
  attributes: {},
};

test("the consumers of a value are the nodes that take it, each once", () => {
  expect(
    consumersOf(graph)
      .get("matrix")
      ?.map(({ operator }) => operator),
  ).toEqual(["Gemm"]);
  const squared = { ...unused, inputs: ["x", "x"] };
  expect(consumersOf({ ...graph, nodes: [squared] }).get("x")).toEqual([squared]);
});

test("a weight is replaced by another of its name, and only one that is there", () => {
  const bias = tensorOf("bias", new Float32Array(32));
  expect(withWeights(graph, [bias]).weights).toEqual([graph.weights[0], bias]);
  expect(() => withWeights(graph, [{ ...bias, name: "other" }])).toThrow(/no weight other/);
});

test("what no output needs is left out", () => {
  const larger = {
    ...graph,
    nodes: [unused, ...graph.nodes],
    weights: [...graph.weights, tensorOf("extra", new Float32Array(1))],
  };
  expect(withoutUnused(larger)).toEqual(graph);
});

test("nodes in any order are sorted, and nodes that need each other are refused", () => {
  const backwards = { ...graph, nodes: graph.nodes.toReversed() };
  const places = new Map(sorted(backwards).nodes.map(({ name }, index) => [name, index]));
  expect(places.size).toBe(graph.nodes.length);
  expect(places.get("Gemm")).toBeGreaterThan(places.get("flat")!);
  const circle = [
    { ...unused, inputs: ["b"], outputs: ["a"] },
    { ...unused, inputs: ["a"], outputs: ["b"] },
  ];
  expect(() => sorted({ ...graph, nodes: circle })).toThrow(/needs values/);
});
