import fc from "fast-check";
import { expect, test } from "vitest";
import { coresOf, usableCpusOf } from "../../sdk/topology/cores.ts";
import { countCpus, formatCpuList, intersectCpus, parseCpuList, subtractCpus } from "../../sdk/topology/cpuList.ts";
import { allowedCoresOf, placementOf, threadCountsOf } from "../../sdk/topology/placement.ts";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import type { Topology } from "../../sdk/topology/topology.ts";
import { anyMachine } from "../machines/arbitrary.ts";
import { filesOf, treeOf } from "../machines/files.ts";
import { plainSpec } from "../machines/spec.ts";
import type { MachineSpec } from "../machines/spec.ts";

const topologyOf = (spec: Partial<MachineSpec>) => readTopology(treeOf(filesOf({ ...plainSpec, ...spec })));
const anyTopology = anyMachine.map((spec) => readTopology(treeOf(filesOf(spec))));
const anyPlacement = anyTopology.chain((topology) =>
  fc.record({
    topology: fc.constant(topology),
    threadsCount: fc.integer({ min: 1, max: countCpus(usableCpusOf(topology)) }),
  }),
);

/** How many of the sets hold one of the CPUs. */
const touchedOf = (sets: readonly string[], cpus: string) =>
  sets.filter((set) => intersectCpus(set, cpus) !== "").length;

test("a placement has one usable CPU a thread", () => {
  fc.assert(
    fc.property(anyPlacement, ({ topology, threadsCount }) => {
      const { cpus } = placementOf(topology, threadsCount);
      expect(countCpus(cpus)).toBe(threadsCount);
      expect(subtractCpus(cpus, topology.allowedCpuset)).toBe("");
      expect(subtractCpus(cpus, topology.cpuset)).toBe("");
      expect(subtractCpus(cpus, usableCpusOf(topology))).toBe("");
    }),
  );
});

test("no two threads share a core while a core is free", () => {
  fc.assert(
    fc.property(anyPlacement, ({ topology, threadsCount }) => {
      const cores = coresOf(topology, usableCpusOf(topology));
      const { cpus } = placementOf(topology, threadsCount);
      expect(touchedOf(cores, cpus)).toBe(Math.min(threadsCount, cores.length));
    }),
  );
});

test("memory comes from allowed nodes that have some", () => {
  fc.assert(
    fc.property(anyPlacement, ({ topology, threadsCount }) => {
      const { nodes } = placementOf(topology, threadsCount);
      expect(nodes).not.toBe("");
      expect(subtractCpus(nodes, topology.allowedNodeset)).toBe("");
    }),
  );
});

test("a run that fits in one cache, node or package stays in one", () => {
  fc.assert(
    fc.property(anyPlacement, ({ topology, threadsCount }) => {
      const cores = coresOf(topology, usableCpusOf(topology));
      const coresIn = (set: string) => touchedOf(cores, set);
      const { cpus } = placementOf(topology, threadsCount);
      const nodes = topology.numaNodes.map((node) => node.cpus).filter((set) => set !== "");
      const packages = topology.packageList.map((each) => each.cpus);
      for (const sets of [nodes, packages]) {
        // Within the fullest package the fullest node is taken, which need not be the fullest of all.
        const fullest = Math.max(...packages.map(coresIn));
        const among = sets.filter((set) =>
          packages.some((each) => coresIn(each) === fullest && subtractCpus(set, each) === ""),
        );
        if (threadsCount <= Math.min(...among.map(coresIn))) expect(touchedOf(sets, cpus)).toBe(1);
      }
    }),
  );
});

test("the cores of the fullest package come first, its caches and nodes one after the other", () => {
  const topology = topologyOf({
    packagesCount: 2,
    cachesPerNode: 2,
    coresPerCache: 2,
    threadsPerCore: 1,
    offline: [0],
  });
  expect(allowedCoresOf(topology)).toEqual(["4", "5", "6", "7", "2", "3", "1"]);
});

test("fast cores come first and siblings last", () => {
  const topology: Topology = {
    ...topologyOf({ coresPerCache: 4, numbering: "adjacent" }),
    cpuKinds: [
      { kind: "performance", cpus: "4-7" },
      { kind: "efficiency", cpus: "0-3" },
    ],
  };
  expect(allowedCoresOf(topology)).toEqual(["4-5", "6-7", "0-1", "2-3"]);
  expect(placementOf(topology, 3).cpus).toBe("0,4,6");
  expect(placementOf(topology, 5).cpus).toBe("0,2,4-6");
  expect(threadCountsOf(topology)).toEqual([1, 2, 4, 8]);
});

test("CPUs on a node without memory use the nearest node that has some", () => {
  const machine = topologyOf({ packagesCount: 2, nodesPerPackage: 2, coresPerCache: 1, threadsPerCore: 1 });
  const [first, ...others] = machine.numaNodes;
  const topology = { ...machine, numaNodes: [{ ...first!, memoryBytes: 0 }, ...others], cpuOnlyNodes: [0] };
  expect(placementOf(topology, 1)).toEqual({ cpus: "0", nodes: "1" });
  expect(placementOf({ ...topology, allowedNodeset: "2-3" }, 1).nodes).toBe("2");
  expect(placementOf({ ...topology, distances: null }, 1).nodes).toBe("1-3");
});

test("a number of threads that no placement has is refused with both numbers", () => {
  const topology = topologyOf({});
  expect(() => placementOf(topology, 9)).toThrowErrorMatchingInlineSnapshot(
    `[TopologyError: 9 threads were asked for; this process may use the CPUs 0-7. Ask for a whole number from 1 to 8.]`,
  );
  for (const threadsCount of [0, -1, 1.5, NaN])
    expect(() => placementOf(topology, threadsCount)).toThrow(/from 1 to 8/);
});

test("thread counts worth trying are few, ascending, and within what may be used", () => {
  fc.assert(
    fc.property(anyTopology, (topology) => {
      const counts = threadCountsOf(topology);
      const most = countCpus(usableCpusOf(topology));
      const cap = Math.max(1, Math.floor(topology.limits.cpuQuotaCpus ?? most));
      expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
      expect(counts.length).toBeLessThanOrEqual(12);
      expect(counts[0]).toBe(1);
      expect(counts.at(-1)).toBe(Math.min(most, cap));
      for (const count of counts) expect(() => placementOf(topology, count)).not.toThrow();
    }),
  );
});

test("thread counts name the shapes of a big machine and give up powers of two before them", () => {
  const topology = topologyOf({ packagesCount: 2, nodesPerPackage: 4, cachesPerNode: 3, coresPerCache: 8 });
  expect(threadCountsOf(topology)).toEqual([1, 2, 4, 8, 16, 24, 64, 96, 128, 192, 256, 384]);
});

test("a quota caps the thread counts, rounded down but not below one", () => {
  const limitsOf = (cpuQuotaCpus: number) => ({ cgroupVersion: 2, cpuQuotaCpus, memoryBytes: null }) as const;
  const topology = topologyOf({});
  expect(threadCountsOf({ ...topology, limits: limitsOf(3.5) })).toEqual([1, 2, 3]);
  expect(threadCountsOf({ ...topology, limits: limitsOf(0.5) })).toEqual([1]);
  expect(formatCpuList(parseCpuList(placementOf(topology, 3).cpus))).toBe("0-2");
});
