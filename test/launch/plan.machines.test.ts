import fc from "fast-check";
import { expect, test } from "vitest";
import { LaunchError, planLaunch, type InstancePlan, type LaunchSpec } from "../../sdk/launch/index.ts";
import { countCpus, intersectCpus, subtractCpus, usableCpusOf, type Topology } from "../../sdk/topology/index.ts";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import { anyMachine } from "../machines/arbitrary.ts";
import { filesOf, treeOf } from "../machines/files.ts";

const anyTopology = anyMachine.map((spec) => readTopology(treeOf(filesOf(spec))));

function planned(spec: LaunchSpec, topology: Topology): InstancePlan {
  const plan = planLaunch(spec, topology).instances[0]!;
  expect(subtractCpus(plan.cpus, intersectCpus(topology.cpuset, topology.allowedCpuset))).toBe("");
  expect(subtractCpus(plan.memoryNodes ?? "", topology.allowedNodeset)).toBe("");
  expect(plan.threadsCount).toBeLessThanOrEqual(countCpus(plan.cpus));
  return plan;
}

test("a plan for nothing said takes one usable PU of each core, at most what the quota is worth", () => {
  fc.assert(
    fc.property(anyTopology, (topology) => {
      const plan = planned({}, topology);
      const inUse = topology.coreList.map((core) => countCpus(intersectCpus(core, plan.cpus)));
      expect(Math.max(...inUse)).toBe(1);
      const cores = topology.coreList.filter((core) => intersectCpus(core, usableCpusOf(topology)) !== "");
      const quota = Math.max(1, Math.floor(topology.limits.cpuQuotaCpus ?? Infinity));
      expect(plan.threadsCount).toBe(Math.min(cores.length, quota));
    }),
  );
});

test("a plan for a node stays on it, or says why it cannot", () => {
  fc.assert(
    fc.property(anyTopology, (topology) => {
      for (const node of topology.numaNodes) {
        try {
          const plan = planned({ nodeIndex: node.osIndex }, topology);
          expect(subtractCpus(plan.cpus, node.cpus)).toBe("");
          expect(plan.memoryNodes).toBe(String(node.osIndex));
        } catch (error) {
          if (!(error instanceof LaunchError)) throw error;
          expect(error.code).toMatch(/^(no-cpus|node-not-allowed)$/);
        }
      }
    }),
  );
});
