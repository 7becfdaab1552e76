import { expect, test } from "vitest";
import { type InstancesSpec, type LaunchSpec, planLaunch } from "../../sdk/launch/index.ts";
import type { Topology } from "../../sdk/topology/index.ts";
import { dualSocket } from "./dualSocket.ts";
import { fourNodes } from "./fourNodes.ts";

const machine = (changes: Partial<Topology>): Topology => ({ ...fourNodes, ...changes });
const withQuota = (cpuQuotaCpus: number) => machine({ limits: { ...fourNodes.limits, cpuQuotaCpus } });

function planned(instances: InstancesSpec, topology = fourNodes, spec: LaunchSpec = {}) {
  const plan = planLaunch({ ...spec, instances }, topology);
  return {
    cpus: plan.instances.map(({ cpus }) => cpus),
    nodes: plan.instances.map(({ memoryNodes }) => memoryNodes),
    threads: plan.instances.map(({ threadsCount }) => threadsCount),
    codes: plan.warnings.map(({ code }) => code),
  };
}

test("one instance a node, a package, a cache or in all", () => {
  expect(planned({ per: "node" })).toMatchObject({
    cpus: ["0,2", "4,6", "8,10", "12,14"],
    nodes: ["0", "1", "2", "3"],
  });
  expect(planned({ per: "package" })).toMatchObject({
    cpus: ["0,2,4,6", "8,10,12,14"],
    nodes: ["0-1", "2-3"],
    codes: ["across-nodes"],
  });
  expect(planned({ per: "package", count: 2 }).cpus).toEqual(["0,2", "4,6", "8,10", "12,14"]);
  expect(planned({ count: 2 })).toMatchObject({ cpus: ["0,2", "4,6"], codes: ["idle-cpus"] });
  expect(planned({ count: 2, acrossNodes: true })).toMatchObject({ cpus: ["0,2,4,6", "8,10,12,14"] });
  const twoCaches = dualSocket(3, { cachesPerNode: 2, threadsPerCore: 1 });
  expect(planned({ per: "cache" }, twoCaches).cpus).toEqual(["0-2", "3-5", "6-8", "9-11"]);
});

test("cores that are left over go to the first instances, or stay idle", () => {
  const ten = dualSocket(5, { packagesCount: 1 });
  expect(planned({ count: 3 }, ten).cpus).toEqual(["0-1", "2-3", "4"]);
  expect(planned({ count: 3, cpusEach: "equal" }, ten)).toMatchObject({ cpus: ["0", "1", "2"], codes: ["idle-cpus"] });
});

test("uneven nodes give each instance what its own node has", () => {
  const uneven = machine({ allowedCpuset: "0-1,4-15" });
  expect(planned({ per: "node" }, uneven).cpus).toEqual(["0", "4,6", "8,10", "12,14"]);
  expect(planned({ count: 5 }, uneven).cpus).toEqual(["0", "4", "6", "8,10", "12,14"]);
});

test("instances of a fixed size are scattered over the nodes, or close together", () => {
  expect(planned({ cpusEach: 1 }).cpus).toHaveLength(8);
  expect(planned({ cpusEach: 1, count: 3 }).cpus).toEqual(["0", "4", "8"]);
  expect(planned({ cpusEach: 1, count: 3, strategy: "close" }).cpus).toEqual(["0", "2", "4"]);
  expect(planned({ cpusEach: 3, acrossNodes: true }).cpus).toEqual(["0,2,4", "6,8,10"]);
});

test("siblings are used when that is asked for, and no core is shared by two instances", () => {
  expect(planned({ per: "node", useSiblings: true })).toMatchObject({
    cpus: ["0-3", "4-7", "8-11", "12-15"],
    threads: [4, 4, 4, 4],
  });
  expect(planned({ cpusEach: 3, useSiblings: true, nodes: "0" }).cpus).toEqual(["0-2"]);
  expect(planned({ cpusEach: 1, useSiblings: true, nodes: "0" }).cpus).toEqual(["0", "2"]);
});

test("performance cores are used, and efficiency cores when that is asked for", () => {
  const cpuKinds = [
    { kind: "performance" as const, cpus: "0-1" },
    { kind: "efficiency" as const, cpus: "2-3" },
  ];
  const hybrid = machine({ cpuKinds });
  expect(planned({ nodes: "0" }, hybrid).cpus).toEqual(["0"]);
  expect(planned({ nodes: "0", useEfficiencyCores: true }, hybrid).cpus).toEqual(["0,2"]);
  expect(planned({ nodes: "1" }, hybrid).cpus).toEqual(["4,6"]);
});

test("reserved CPUs, CPUs outside the cpuset and isolated ones are in no instance", () => {
  expect(planned({ per: "node", nodes: "0-1", reservedCpus: "0-1" }).cpus).toEqual(["2", "4,6"]);
  const bound = machine({ allowedCpuset: "6-9", allowedNodeset: "1-2", isolatedCpus: "9" });
  expect(planned({ per: "node" }, bound)).toMatchObject({ cpus: ["6", "8"], nodes: ["1", "2"] });
});

test("named CPUs are all used, siblings too; lists say the CPUs of each instance", () => {
  expect(planned({ count: 2 }, fourNodes, { cpus: "0-3" }).cpus).toEqual(["0-1", "2-3"]);
  expect(planned({ cpuLists: ["0-1", "4"] })).toMatchObject({ cpus: ["0-1", "4"], threads: [2, 1], nodes: ["0", "1"] });
});

test("the quota bounds the threads of all instances together, unless more are asked for", () => {
  expect(planned({ per: "node" }, withQuota(6.5))).toMatchObject({
    threads: [1, 1, 2, 2],
    codes: ["quota-limits-threads"],
  });
  expect(planned({ per: "node", exceedQuota: true }, withQuota(6.5)).threads).toEqual([2, 2, 2, 2]);
  expect(planned({ per: "node" }, withQuota(2))).toMatchObject({
    cpus: ["0,2", "8,10"],
    threads: [1, 1],
    codes: ["quota-limits-threads", "quota-limits-instances"],
  });
});

test("some of the instances can be kept, with their numbers", () => {
  const { instances } = planLaunch({ instances: { per: "node", indexes: [1, 3] } }, fourNodes);
  expect(instances.map(({ instanceIndex, cpus }) => [instanceIndex, cpus])).toEqual([
    [1, "4,6"],
    [3, "12,14"],
  ]);
});

interface Refusal {
  readonly code: string;
  readonly spec: LaunchSpec;
  readonly topology: Topology;
  readonly message: string;
}

const refusals: readonly [string, LaunchSpec, Topology, string][] = [
  [
    "instances-out-of-range",
    { instances: { count: 0 } },
    fourNodes,
    "0 instances were asked for, and at least 1 is needed",
  ],
  [
    "instances-out-of-range",
    { instances: { count: 9 } },
    fourNodes,
    "9 instances asked for in the machine, where 8 usable cores can hold 8",
  ],
  [
    "instances-out-of-range",
    { instances: { count: 3, per: "node" } },
    fourNodes,
    "in NUMA node 0, where 2 usable cores can hold 2",
  ],
  ["instances-out-of-range", { instances: { cpusEach: 4 } }, fourNodes, "hold 0, none across nodes"],
  ["instances-out-of-range", { instances: { count: 4 } }, withQuota(2.5), "the container's quota is worth 2 threads"],
  ["instances-out-of-range", { instances: { cpuLists: [] } }, fourNodes, "There is no list of CPUs"],
  ["cpus-out-of-range", { instances: { cpusEach: 0 } }, fourNodes, "0 CPUs an instance were asked for"],
  [
    "threads-out-of-range",
    { threadsCount: 3, instances: { per: "node" } },
    fourNodes,
    "Pass a whole threadsCount from 1 to 2.",
  ],
  [
    "cpu-taken-twice",
    { instances: { cpuLists: ["0-3", "3-4"] } },
    fourNodes,
    "CPU 3 is in the lists of instance 0 (0-3) and of instance 1 (3-4)",
  ],
  ["cpu-isolated", { cpus: "3-4", instances: {} }, machine({ isolatedCpus: "4" }), "CPU 4 is isolated"],
  ["cpu-offline", { cpus: "3", instances: {} }, machine({ cpuset: "0-2", offlineCpus: "3-15" }), "CPU 3 is offline"],
  ["no-such-cpu", { instances: { cpuLists: ["16"] } }, fourNodes, "CPU 16 is not there"],
  ["cpu-not-allowed", { cpus: "0", instances: {} }, machine({ allowedCpuset: "4-7" }), "CPU 0 may not be used"],
  ["no-such-node", { instances: { nodes: "1,7" } }, fourNodes, "NUMA node 7 is not there"],
  [
    "node-not-allowed",
    { instances: { nodes: "0" } },
    machine({ allowedCpuset: "4-7" }),
    "NUMA node 0 has the CPUs 0-3, and 4-7 may be used",
  ],
  ["no-cpus", { instances: { reservedCpus: "0-15" } }, fourNodes, "nothing is left"],
  ["no-such-instance", { instances: { per: "node", indexes: [4] } }, fourNodes, "the plan has the instances 0 to 3"],
];

test.each<Refusal>(refusals.map(([code, spec, topology, message]) => ({ code, spec, topology, message })))(
  "$spec is refused as $code",
  ({ code, spec, topology, message }) => {
    const told = expect.stringContaining(message) as string;
    expect(() => planLaunch(spec, topology)).toThrow(expect.objectContaining({ code, message: told }));
  },
);
