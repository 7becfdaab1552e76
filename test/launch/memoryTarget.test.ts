import { expect, test } from "vitest";
import { type InstancesSpec, planLaunch } from "../../sdk/launch/index.ts";
import type { Topology } from "../../sdk/topology/index.ts";
import { fourNodes } from "./fourNodes.ts";

/** Two nodes with CPUs, each with a node of fast memory beside it that has none. */
const fastMemory: Topology = {
  ...fourNodes,
  allowedCpuset: "0-7",
  cpuset: "0-7",
  numaNodes: fourNodes.numaNodes.map((node) => ({ ...node, cpus: node.osIndex < 2 ? node.cpus : "" })),
  memoryOnlyNodes: [2, 3],
  distances: {
    nodes: [0, 1, 2, 3],
    matrix: [
      [10, 20, 13, 23],
      [20, 10, 23, 13],
      [13, 23, 10, 33],
      [23, 13, 33, 10],
    ],
  },
};

function planned(instances: InstancesSpec, topology = fastMemory) {
  const plan = planLaunch({ instances: { per: "node", ...instances } }, topology);
  return { nodes: plan.instances.map(({ memoryNodes }) => memoryNodes), codes: plan.warnings.map(({ code }) => code) };
}

test("a node without CPUs gets no instance, and its memory none unless that is asked for", () => {
  expect(planned({}).nodes).toEqual(["0", "1"]);
});

test("bandwidth first takes the node that firmware calls fastest, the nearest of equals", () => {
  expect(planned({ bandwidthFirst: true, nodeBandwidths: { 0: 100, 1: 100, 2: 400, 3: 400 } })).toEqual({
    nodes: ["2", "3"],
    codes: [],
  });
  expect(planned({ bandwidthFirst: true, nodeBandwidths: { 0: 100, 1: 100, 2: 30, 3: 30 } }).nodes).toEqual(["0", "1"]);
});

test("where firmware states nothing, nodes without CPUs are taken for the fast ones, with a warning", () => {
  expect(planned({ bandwidthFirst: true })).toEqual({ nodes: ["2", "3"], codes: ["bandwidth-unknown"] });
});

test("of memory nodes that were named each instance gets the nearest", () => {
  expect(planned({ memoryNodes: "1-2" }).nodes).toEqual(["2", "1"]);
  expect(() => planned({ memoryNodes: "9" })).toThrow(/NUMA node 9 is not there/);
  expect(() => planned({ memoryNodes: "3" }, { ...fastMemory, allowedNodeset: "0-2" })).toThrow(
    /allowed are the nodes 0-2/,
  );
});

test("a node without memory gets the nearest that has some", () => {
  const numaNodes = fastMemory.numaNodes.map((node) => (node.osIndex === 1 ? { ...node, memoryBytes: 0 } : node));
  expect(planned({}, { ...fastMemory, numaNodes, cpuOnlyNodes: [1] }).nodes).toEqual(["0", "3"]);
});
