import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type InstancesSpec, LaunchError, type LaunchPlan, planLaunch } from "../../sdk/launch/index.ts";
import { probeTopology, type Topology } from "../../sdk/topology/index.ts";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import { anyMachine } from "../machines/arbitrary.ts";
import { describeRecorded } from "../machines/describeRecorded.ts";
import { expectedOf } from "../machines/expected.ts";
import { filesOf, treeOf } from "../machines/files.ts";
import type { Expected } from "../machines/recorded.ts";
import type { MachineSpec } from "../machines/spec.ts";
import { expectAllCores, expectLawful, expectOnOneNode, expectPhysical, homesOf, type Judged } from "./oracle.ts";

/** Random machines in each run; 1,000 were tried once. */
const machinesCount = Number(process.env["NUMALAB_RANDOM_MACHINES"] ?? 25);

const plan = (topology: Topology, instances: InstancesSpec): LaunchPlan => planLaunch({ instances }, topology);

/** One instance a node: the plan that other launchers get wrong most often. */
function expectOneANode(topology: Topology, machine: Judged): void {
  const { instances } = plan(topology, { per: "node" });
  expectLawful(instances, machine);
  expectPhysical(instances, machine);
  expectOnOneNode(instances, machine);
  const quota = Math.max(1, Math.floor(machine.quotaCpus ?? Infinity));
  const homes = homesOf(machine);
  expect(instances).toHaveLength(Math.min(homes.length, quota));
  if (homes.length <= quota) expectAllCores(instances, machine, homes);
}

function expectEveryScope(topology: Topology, machine: Judged): void {
  for (const per of ["package", "cache", "machine"] as const) {
    for (const useSiblings of [false, true]) {
      const { instances, warnings } = plan(topology, { per, useSiblings, acrossNodes: per === "machine" });
      expectLawful(instances, machine);
      if (!useSiblings) expectPhysical(instances, machine);
      if (per === "cache" || !warnings.some(({ code }) => code === "across-nodes")) expectOnOneNode(instances, machine);
    }
  }
}

function expectAnyCount(topology: Topology, machine: Judged, asked: InstancesSpec): void {
  let made: LaunchPlan;
  try {
    made = plan(topology, asked);
  } catch (error) {
    expect(error).toBeInstanceOf(LaunchError);
    return;
  }
  expectLawful(made.instances, machine);
  expectOnOneNode(made.instances, machine);
  if (asked.useSiblings !== true) expectPhysical(made.instances, machine);
  const { cpusEach = "all", count } = asked;
  if (count !== undefined) expect(made.instances).toHaveLength(count);
  if (typeof cpusEach === "number") {
    const sizes = made.instances.map(({ cpus }) => homesSize(cpus));
    expect(new Set(sizes)).toEqual(new Set([cpusEach]));
  }
}

const homesSize = (cpus: string): number =>
  cpus.split(",").reduce((sum, part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return sum + last - first + 1;
  }, 0);

const anyAsked: fc.Arbitrary<InstancesSpec> = fc.record(
  {
    count: fc.integer({ min: 1, max: 6 }),
    cpusEach: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom("all" as const, "equal" as const)),
    useSiblings: fc.boolean(),
    strategy: fc.constantFrom("scatter", "close"),
  },
  { requiredKeys: [] },
);

describe("machines made from a specification", () => {
  function judgedOf(spec: MachineSpec): Judged {
    const { isolatedCpus, limits, ...facts } = expectedOf(spec);
    return { ...facts, isolated: isolatedCpus, quotaCpus: limits.cpuQuotaCpus, performanceCpus: "" };
  }
  const topologyOf = (spec: MachineSpec) => readTopology(treeOf(filesOf(spec)));

  test("any machine gets one lawful instance a node, on all cores of the node", () => {
    const holds = (spec: MachineSpec) => {
      expectOneANode(topologyOf(spec), judgedOf(spec));
    };
    fc.assert(fc.property(anyMachine, holds), { numRuns: machinesCount });
  });

  test("any machine gets lawful instances a package, a cache and in all, with siblings and without", () => {
    const holds = (spec: MachineSpec) => {
      expectEveryScope(topologyOf(spec), judgedOf(spec));
    };
    fc.assert(fc.property(anyMachine, holds), { numRuns: machinesCount });
  });

  test("any number of instances of any size is planned lawfully, or refused as a LaunchError", () => {
    const holds = (spec: MachineSpec, asked: InstancesSpec) => {
      expectAnyCount(topologyOf(spec), judgedOf(spec), asked);
    };
    fc.assert(fc.property(anyMachine, anyAsked, holds), { numRuns: machinesCount });
  });
});

describeRecorded(({ names, rootOf, expectedOf: hwlocOf }) => {
  test.each(names)(
    "%s gets one lawful instance a node, and lawful ones a package, a cache and in all",
    async (name) => {
      const topology = await probeTopology({ root: rootOf(name) });
      const machine = judgedOf(hwlocOf(name), topology);
      expectOneANode(topology, machine);
      expectEveryScope(topology, machine);
      for (const count of [1, 2, 3, 7]) expectAnyCount(topology, machine, { count });
      for (const cpusEach of [1, 2, 4]) expectAnyCount(topology, machine, { cpusEach });
    },
  );

  /** hwloc's answer where it has one: its nodes show their locality, so a node's own CPUs are read from the raw files. */
  function judgedOf(expected: Expected, { isolatedCpus, limits, cpuKinds, numaNodes }: Topology): Judged {
    return {
      ...expected,
      numaNodes,
      isolated: isolatedCpus,
      quotaCpus: limits.cpuQuotaCpus,
      performanceCpus: cpuKinds.find(({ kind }) => kind === "performance")?.cpus ?? "",
    };
  }
});
