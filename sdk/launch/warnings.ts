import type { Warning } from "../errors.ts";
import {
  coresOf,
  formatCpuList,
  intersectCpus,
  nodeOfCpu,
  parseCpuList,
  subtractCpus,
  type Topology,
  usableCpusOf,
} from "../topology/index.ts";
import { bindsCpus, bindsMemory } from "./bindingWay.ts";
import type { CpuChoice } from "./cpus.ts";
import { memoryNodesOf } from "./nodes.ts";
import type { InstancePlan, LaunchSpec } from "./plan.ts";

/** What a plan was made from. */
export interface PlanBasis {
  readonly spec: LaunchSpec;
  readonly choices: readonly CpuChoice[];
  /** Instances that gave way to the container's quota. */
  readonly droppedCount: number;
  readonly topology: Topology;
}

/** Where a plan gives less than was asked, or than a reader would take for granted. */
export function warningsOf(instances: readonly InstancePlan[], basis: PlanBasis): Warning[] {
  const found = [
    quotaWarningOf(basis),
    unboundWarningOf(instances, basis),
    memoryWarningOf(instances, basis),
    farMemoryWarningOf(instances, basis),
    isolationWarningOf(basis),
    ...(basis.spec.instances === undefined ? [] : severalWarningsOf(basis)),
  ];
  return found.filter((warning) => warning !== null);
}

function severalWarningsOf(basis: PlanBasis): (Warning | null)[] {
  return [droppedWarningOf(basis), acrossNodesWarningOf(basis), idleWarningOf(basis), bandwidthWarningOf(basis)];
}

const unknownAdvice = "Ask probeBindingWay what would permit more, and read the binding back once the program runs.";

const listsOf = (choices: readonly CpuChoice[]): string => choices.map(({ cpus }) => cpus).join(" and ");

/** The nodes of these CPUs; null for those of none. */
function nodesOf(cpus: string, topology: Topology): (number | null)[] {
  return [...new Set(parseCpuList(cpus).map((cpu) => nodeOfCpu(topology, cpu)))];
}

function quotaWarningOf({ choices, topology }: PlanBasis): Warning | null {
  const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
  const threadsCount = sumOf(choices.map((choice) => choice.threadsCount));
  const wantedCount = sumOf(choices.map((choice) => choice.wantedThreadsCount));
  if (threadsCount >= wantedCount) return null;
  return {
    code: "quota-limits-threads",
    message: `The container's quota is worth ${String(topology.limits.cpuQuotaCpus)} CPUs, so ${threadsCount} of ${wantedCount} threads are planned.`,
    advice: "Give the container more CPU time, or confine it with a cpuset instead of a quota.",
  };
}

function unboundWarningOf(instances: readonly InstancePlan[], { spec, choices }: PlanBasis): Warning | null {
  const [first] = instances;
  if (first === undefined || bindsCpus(first.bindingWay)) return null;
  if (choices.every(({ cpus }) => cpus === first.cpus)) return null;
  return {
    code: "unbound",
    message: `CPUs ${listsOf(choices)} were chosen, and the bindingWay ${first.bindingWay} leaves all of ${first.cpus} to the process.`,
    advice: spec.bindingAdvice ?? unknownAdvice,
  };
}

function memoryWarningOf(instances: readonly InstancePlan[], { spec, choices }: PlanBasis): Warning | null {
  const [loose] = instances.filter(({ memoryPolicy }) => memoryPolicy === "first-touch");
  if (loose === undefined || spec.memory === "first-touch") return null;
  const reason = bindsMemory(loose.bindingWay)
    ? `no NUMA node of the CPUs ${listsOf(choices)} is known`
    : `the bindingWay ${loose.bindingWay} cannot bind it`;
  return {
    code: "memory-first-touch",
    message: `Memory will lie on the node of the thread that first touches it: ${reason}.`,
    advice: spec.bindingAdvice ?? unknownAdvice,
  };
}

function farMemoryWarningOf(instances: readonly InstancePlan[], { choices, topology }: PlanBasis): Warning | null {
  if (instances.every(({ memoryNodes }) => memoryNodes === null)) return null;
  const having = memoryNodesOf(topology);
  const used = choices.flatMap(({ cpus }) => nodesOf(cpus, topology)).filter((node) => node !== null);
  const without = formatCpuList(used.filter((node) => !having.includes(node)));
  if (without === "") return null;
  return {
    code: "memory-far",
    message: `NUMA node ${without} has no memory for this process, so that what runs on its CPUs uses that of other nodes.`,
    advice: "Allow its memory (cpuset.mems) where it has some, or use the CPUs of other nodes.",
  };
}

function isolationWarningOf({ choices, topology }: PlanBasis): Warning | null {
  const threaded = choices.filter(({ threadsCount }) => threadsCount > 1);
  const cpus = formatCpuList(threaded.flatMap((choice) => parseCpuList(choice.cpus)));
  const isolated = intersectCpus(cpus, topology.isolatedCpus);
  if (isolated === "") return null;
  return {
    code: "isolated-cpus",
    message: `CPUs ${isolated} are isolated: the kernel leaves every thread on the CPU where it started.`,
    advice: "Run a program that pins its own threads, or choose other CPUs.",
  };
}

function droppedWarningOf({ choices, droppedCount, topology }: PlanBasis): Warning | null {
  if (droppedCount === 0) return null;
  return {
    code: "quota-limits-instances",
    message: `The container's quota is worth ${String(topology.limits.cpuQuotaCpus)} CPUs, so ${choices.length} of ${choices.length + droppedCount} instances are planned.`,
    advice: "Give the container more CPU time, or pass exceedQuota.",
  };
}

function acrossNodesWarningOf({ choices, topology }: PlanBasis): Warning | null {
  const wide = choices.filter(({ cpus }) => nodesOf(cpus, topology).length > 1);
  if (wide.length === 0) return null;
  return {
    code: "across-nodes",
    message: `The CPUs ${listsOf(wide)} of ${wide.length} of ${choices.length} instances lie on several NUMA nodes, so that part of their memory is remote.`,
    advice: "Ask for instances per node, or for a number of CPUs that divides a node.",
  };
}

/** Said only where the CPUs were ours to share out. */
function idleWarningOf({ spec, choices, droppedCount, topology }: PlanBasis): Warning | null {
  const { cpusEach, nodes, reservedCpus = "", cpuLists } = spec.instances ?? {};
  const isSaid = typeof cpusEach === "number" || [spec.cpus, nodes, cpuLists].some((list) => list !== undefined);
  if (isSaid || droppedCount > 0) return null;
  const efficiency = topology.cpuKinds.find(({ kind }) => kind === "efficiency")?.cpus ?? "";
  const usable = subtractCpus(subtractCpus(usableCpusOf(topology), reservedCpus), efficiency);
  const taken = formatCpuList(choices.flatMap(({ cpus }) => parseCpuList(cpus)));
  const idle = coresOf(topology, usable).filter((core) => intersectCpus(core, taken) === "");
  if (idle.length === 0) return null;
  return {
    code: "idle-cpus",
    message: `The CPUs ${formatCpuList(idle.flatMap(parseCpuList))} are in no instance.`,
    advice: "Ask for instances per node, share all CPUs out, or let instances span nodes.",
  };
}

function bandwidthWarningOf({ spec, topology }: PlanBasis): Warning | null {
  const { bandwidthFirst = false, nodeBandwidths = {} } = spec.instances ?? {};
  if (!bandwidthFirst || Object.keys(nodeBandwidths).length > 0) return null;
  const nodes = formatCpuList(topology.memoryOnlyNodes);
  return {
    code: "bandwidth-unknown",
    message: `No bandwidth of a NUMA node is stated here; ${nodes === "" ? "no node is without CPUs, so the nearest memory is taken" : `the nodes without CPUs (${nodes}) are taken to be the fast ones`}.`,
    advice: "Measure them, then name the nodes: memoryNodes.",
  };
}
