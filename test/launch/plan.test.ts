import fc from "fast-check";
import { expect, test } from "vitest";
import { planLaunch, type InstancePlan, type LaunchSpec } from "../../sdk/launch/index.ts";
import { countCpus, formatCpuList, subtractCpus, type Topology } from "../../sdk/topology/index.ts";
import { fourNodes } from "./fourNodes.ts";

const machine = (changes: Partial<Topology>): Topology => ({ ...fourNodes, ...changes });
const withQuota = (cpuQuotaCpus: number) => machine({ limits: { ...fourNodes.limits, cpuQuotaCpus } });
const oneNode = machine({ allowedCpuset: "4-7", allowedNodeset: "1" });

function planned(spec: LaunchSpec, topology = fourNodes): InstancePlan & { readonly warningCodes: string[] } {
  const { instances, warnings } = planLaunch(spec, topology);
  expect(instances).toHaveLength(1);
  return { ...instances[0]!, warningCodes: warnings.map(({ code }) => code) };
}

test("a plan for nothing said uses one thread a core, interleaved over the nodes they span", () => {
  expect(planned({})).toEqual({
    instanceIndex: 0,
    cpus: "0,2,4,6,8,10,12,14",
    memoryNodes: "0-3",
    memoryPolicy: "interleave",
    threadsCount: 8,
    bindingWay: "numactl",
    prefix: ["numactl", "--all", "-C", "0,2,4,6,8,10,12,14", "-i", "0-3"],
    warningCodes: [],
  });
});

test("a plan for a node takes its CPUs and its memory", () => {
  expect(planned({ nodeIndex: 2 })).toMatchObject({
    threadsCount: 2,
    prefix: ["numactl", "--all", "-C", "8,10", "-m", "2"],
  });
  expect(planned({ nodeIndex: 2, threadsCount: 4 })).toMatchObject({ cpus: "8-11", threadsCount: 4 });
});

test("CPUs that were named are used as they are, each with a thread", () => {
  expect(planned({ cpus: "3,1-2,2" })).toMatchObject({
    cpus: "1-3",
    threadsCount: 3,
    memoryNodes: "0",
    memoryPolicy: "bind",
  });
  expect(planned({ cpus: "3-4", threadsCount: 1 })).toMatchObject({
    cpus: "3-4",
    threadsCount: 1,
    memoryNodes: "0-1",
    memoryPolicy: "interleave",
  });
});

test("CPUs of one node can be given the memory of another", () => {
  expect(planned({ cpus: "0-3", nodeIndex: 3 })).toMatchObject({
    prefix: ["numactl", "--all", "-C", "0-3", "-m", "3"],
  });
});

test("the memory policy that was asked for is kept", () => {
  expect(planned({ cpus: "3-4", memory: "bind" }).prefix).toEqual(["numactl", "--all", "-C", "3-4", "-m", "0-1"]);
  expect(planned({ cpus: "0-1", memory: "first-touch" })).toMatchObject({
    memoryNodes: null,
    prefix: ["numactl", "--all", "-C", "0-1"],
    warningCodes: [],
  });
});

test("CPUs of a node without memory get the nearest node that has some", () => {
  const numaNodes = fourNodes.numaNodes.map((node) => (node.osIndex === 2 ? { ...node, memoryBytes: 0 } : node));
  const topology = machine({ numaNodes, cpuOnlyNodes: [2] });
  expect(planned({ nodeIndex: 2 }, topology)).toMatchObject({
    cpus: "8,10",
    memoryNodes: "3",
    memoryPolicy: "bind",
    warningCodes: ["memory-far"],
  });
  expect(planned({ nodeIndex: 2 }, { ...topology, allowedNodeset: "0-1" })).toMatchObject({ memoryNodes: "0" });
});

test("a container's quota of CPU time limits the threads, and is told", () => {
  expect(planned({}, withQuota(2.5))).toMatchObject({
    threadsCount: 2,
    cpus: "0,2",
    warningCodes: ["quota-limits-threads"],
  });
  expect(planned({}, withQuota(0.5))).toMatchObject({ threadsCount: 1, warningCodes: ["quota-limits-threads"] });
  expect(planned({ threadsCount: 2 }, withQuota(2.5)).warningCodes).toEqual([]);
  expect(planned({}, withQuota(64)).warningCodes).toEqual([]);
});

test("on a machine with two kinds of cores the fast ones are used", () => {
  const cpuKinds = [
    { kind: "performance" as const, cpus: "0-3" },
    { kind: "efficiency" as const, cpus: "4-15" },
  ];
  expect(planned({}, machine({ cpuKinds }))).toMatchObject({ cpus: "0,2", threadsCount: 2 });
});

test("taskset binds CPUs only, and leaves memory to the first touch with a warning", () => {
  expect(planned({ cpus: "0-3", bindingWay: "taskset" })).toMatchObject({
    memoryNodes: null,
    memoryPolicy: "first-touch",
    prefix: ["taskset", "-c", "0-3"],
    warningCodes: ["memory-first-touch"],
  });
});

test("where the cpuset allows one node, memory is bound without a tool", () => {
  const bound = { memoryNodes: "1", memoryPolicy: "bind", warningCodes: [] };
  expect(planned({ bindingWay: "taskset" }, oneNode)).toMatchObject({ ...bound, prefix: ["taskset", "-c", "4,6"] });
  expect(planned({ cpus: "4-7", bindingWay: "cpuset" }, oneNode)).toMatchObject({ ...bound, prefix: [] });
});

test("a plan that nothing binds says which CPUs the process may really use", () => {
  expect(planned({ cpus: "0-3", bindingWay: "none" })).toMatchObject({
    cpus: "0-15",
    threadsCount: 4,
    prefix: [],
    warningCodes: ["unbound", "memory-first-touch"],
  });
});

test("isolated CPUs are used only when they are named", () => {
  const topology = machine({ isolatedCpus: "12-15", allowedCpuset: "0-11" });
  expect(planned({}, topology).cpus).toBe("0,2,4,6,8,10");
  expect(planned({ cpus: "12-13" }, topology)).toMatchObject({ cpus: "12-13", warningCodes: ["isolated-cpus"] });
});

interface Refusal {
  readonly code: string;
  readonly spec: LaunchSpec;
  readonly topology: Topology;
  readonly message: string;
}

test.each<Refusal>([
  {
    code: "no-such-node",
    spec: { nodeIndex: 4 },
    topology: fourNodes,
    message: "NUMA node 4 is not there; this machine has nodes 0-3. Pass one of these as nodeIndex, or none.",
  },
  {
    code: "node-not-allowed",
    spec: { nodeIndex: 0 },
    topology: oneNode,
    message:
      "NUMA node 0 has the CPUs 0-3, and this process may use 4-7 only. Pass a nodeIndex whose CPUs it may use, or allow it more.",
  },
  {
    code: "node-not-allowed",
    spec: { cpus: "4", nodeIndex: 0 },
    topology: oneNode,
    message:
      "Memory of NUMA node 0 may not be used by this process; allowed are the nodes 1. Pass one of these as nodeIndex, or allow it more.",
  },
  {
    code: "no-cpus",
    spec: { cpus: "" },
    topology: fourNodes,
    message: "The list of CPUs is empty; at least one CPU is needed. Write it like 0-3,8.",
  },
  {
    code: "no-cpus",
    spec: { nodeIndex: 0 },
    topology: machine({ numaNodes: [{ osIndex: 0, cpus: "", memoryBytes: 1, availableBytes: 1 }] }),
    message:
      "NUMA node 0 has memory but no CPUs, and at least one CPU is needed. Pass cpus too: those of a node near to it.",
  },
  {
    code: "no-such-cpu",
    spec: { cpus: "14-17" },
    topology: fourNodes,
    message: "CPU 16-17 is not there; this machine has 0-15. Pass cpus from these only.",
  },
  {
    code: "cpu-offline",
    spec: { cpus: "2-3" },
    topology: machine({ cpuset: "0-2", offlineCpus: "3-15" }),
    message: "CPU 3 is offline; online are 0-2. Pass cpus from these only.",
  },
  {
    code: "cpu-not-allowed",
    spec: { cpus: "3-4" },
    topology: oneNode,
    message: "CPU 3 may not be used by this process; allowed are 4-7. Pass cpus from these only.",
  },
  {
    code: "threads-out-of-range",
    spec: { cpus: "0-3", threadsCount: 5 },
    topology: fourNodes,
    message: "5 threads were asked for, and the CPUs 0-3 hold 4. Pass a whole threadsCount from 1 to 4.",
  },
  {
    code: "threads-out-of-range",
    spec: { threadsCount: 3 },
    topology: withQuota(2.5),
    message:
      "3 threads were asked for, and the CPUs 0-15 hold 16 and the container's quota is worth 2.5 CPUs. Pass a whole threadsCount from 1 to 2.",
  },
  {
    code: "threads-out-of-range",
    spec: { threadsCount: 0 },
    topology: fourNodes,
    message: "0 threads were asked for, and the CPUs 0-15 hold 16. Pass a whole threadsCount from 1 to 16.",
  },
  {
    code: "threads-out-of-range",
    spec: { threadsCount: 1.5 },
    topology: fourNodes,
    message: "1.5 threads were asked for, and the CPUs 0-15 hold 16. Pass a whole threadsCount from 1 to 16.",
  },
])("$spec is refused as $code, with what was found and what to do", ({ code, spec, topology, message }) => {
  expect(() => planLaunch(spec, topology)).toThrow(expect.objectContaining({ name: "LaunchError", code, message }));
});

test("no plan goes beyond what is allowed, whatever is asked", () => {
  const cpuNumbers = fc.uniqueArray(fc.nat(15), { minLength: 1 }).map(formatCpuList);
  const nodeNumbers = fc.uniqueArray(fc.nat(3), { minLength: 1 }).map(formatCpuList);
  const specs = fc.record<LaunchSpec, never>(
    {
      threadsCount: fc.integer({ min: 1, max: 16 }),
      nodeIndex: fc.nat(3),
      cpus: cpuNumbers,
      bindingWay: fc.constantFrom("numactl", "taskset", "cpuset", "none"),
    },
    { requiredKeys: [] },
  );
  const limits = fc.record({
    allowedCpuset: cpuNumbers,
    allowedNodeset: nodeNumbers,
    quota: fc.option(fc.double({ min: 0.1, max: 20, noNaN: true })),
  });
  fc.assert(
    fc.property(specs, limits, (spec, { allowedCpuset, allowedNodeset, quota }) => {
      const topology = machine({ allowedCpuset, allowedNodeset, limits: { ...fourNodes.limits, cpuQuotaCpus: quota } });
      let plan: InstancePlan;
      try {
        plan = planned(spec, topology);
      } catch (error) {
        expect(error).toMatchObject({ name: "LaunchError" });
        return;
      }
      expect(subtractCpus(plan.cpus, allowedCpuset)).toBe("");
      expect(subtractCpus(plan.memoryNodes ?? "", allowedNodeset)).toBe("");
      expect(plan.threadsCount).toBeGreaterThanOrEqual(1);
      expect(plan.threadsCount).toBeLessThanOrEqual(Math.max(1, Math.min(countCpus(plan.cpus), quota ?? Infinity)));
      expect(plan.prefix).not.toContain("-N");
    }),
  );
});
