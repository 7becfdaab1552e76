import { expect, test } from "vitest";
import { distanceMap } from "../../sdk/plot/index.ts";
import { fourPackages, machineOf } from "./machine.ts";

const distances = {
  nodes: [0, 2, 5],
  matrix: [
    [10, 12, 32],
    [12, 10, 32],
    [32, 32, 10],
  ],
};

test("each distance is a colour of its own, near ones light, and says from where to where", () => {
  const { data } = distanceMap(machineOf({ distances }));
  expect(data.map(({ name }) => name)).toEqual(["10", "12", "32"]);
  expect(data[2]).toMatchObject({ x: [2, 2, 0, 1], y: [0, 1, 2, 2], text: ["32", "32", "32", "32"] });
  expect(data[1]!["hovertext"]).toEqual([
    "from CPUs of node 0 to memory of node 2: 12",
    "from CPUs of node 2 to memory of node 0: 12",
  ]);
  expect(data[0]!["marker"]).toMatchObject({ color: "rgb(222,235,247)" });
});

test("the axes name the nodes by their numbers, row 0 on top", () => {
  const { layout } = distanceMap(machineOf({ distances }));
  expect(layout["xaxis"]).toMatchObject({ ticktext: ["0", "2", "5"] });
  expect(layout["yaxis"]).toMatchObject({ range: [2.5, -0.5] });
});

test("64 nodes fit a page's width, without a number in each cell", () => {
  const nodes = Array.from({ length: 64 }, (_, at) => at);
  const matrix = nodes.map((from) => nodes.map((to) => (from === to ? 10 : 20)));
  const { data, layout } = distanceMap(machineOf({ distances: { nodes, matrix } }));
  expect(data.map(({ mode }) => mode)).toEqual(["markers", "markers"]);
  expect(layout["width"]).toBe(720);
  expect((layout["xaxis"] as { ticktext: string[] }).ticktext).toHaveLength(16);
});

test("a machine without a table of distances is refused", () => {
  const refused = expect.objectContaining({ code: "no-points" }) as Error;
  expect(() => distanceMap(machineOf())).toThrow(refused);
  expect(() => distanceMap(fourPackages())).toThrow(refused);
});
