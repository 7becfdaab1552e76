import { expect, test } from "vitest";
import { topologyMap } from "../../sdk/plot/index.ts";
import { fourPackages, machineOf } from "./machine.ts";

test("a map says in its title what the machine has, and below what is not drawn", () => {
  expect(topologyMap(fourPackages()).layout["title"]).toMatchObject({
    text: "4 packages, 4 NUMA nodes, 128 cores, 256 PUs",
    subtitle: { text: "Example 9000 · 2 TiB of memory · within a core: L2 2 MiB" },
  });
});

test("each PU is in the colour of what may run on it, and says where it is", () => {
  const { data } = topologyMap(machineOf({ allowedCpuset: "0", offlineCpus: "2" }));
  const numbers = data.filter((trace) => trace["hoverinfo"] === "text");
  expect(numbers.map(({ text, hovertext }) => JSON.stringify([text, hovertext]))).toMatchInlineSnapshot(`
    [
      "[["0"],["PU 0, usable by this process<br>Package 0<br>NUMA node 0 · 8 GiB<br>L3 32 MiB"]]",
      "[["1"],["PU 1, not allowed<br>Package 0<br>NUMA node 0 · 8 GiB<br>L3 32 MiB"]]",
      "[["2"],["PU 2, offline"]]",
    ]
  `);
  expect(data.filter((trace) => trace["showlegend"]).map(({ name }) => name)).toEqual([
    "PU usable by this process",
    "PU not allowed",
    "PU offline",
  ]);
});

test("a map of 256 PUs stays a figure of a few traces and a page's width", () => {
  const { data, layout } = topologyMap(fourPackages());
  expect(data.length).toBeLessThan(10);
  expect(layout["width"]).toBe(910);
  expect(layout["height"]).toBeLessThan(700);
});
