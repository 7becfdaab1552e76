import {
  coresOf,
  countCpus,
  formatCpuList,
  intersectCpus,
  parseCpuList,
  placementOf,
  subtractCpus,
  type Topology,
  usableCpusOf,
} from "../topology/index.ts";
import { LaunchError } from "./errors.ts";
import { nodeAt } from "./nodes.ts";
import type { LaunchSpec } from "./plan.ts";

/** The CPUs of a launch and its number of threads. */
export interface CpuChoice {
  readonly cpus: string;
  readonly threadsCount: number;
  /** How many threads there would be without the container's quota. */
  readonly wantedThreadsCount: number;
}

/**
 * Chooses the CPUs and the number of threads, as asked where something was asked.
 * @throws {LaunchError} `no-such-node`, `node-not-allowed`, `no-cpus`, `no-such-cpu`, `cpu-offline`, `cpu-not-allowed`,
 * `threads-out-of-range`
 */
export function planCpus(spec: LaunchSpec, topology: Topology): CpuChoice {
  const usable = cpusFor(spec, topology);
  const limit = Math.min(countCpus(usable), quotaOf(topology));
  const wantedThreadsCount = spec.cpus === undefined ? coresCountOf(usable, topology) : countCpus(usable);
  const threadsCount = spec.threadsCount ?? Math.min(wantedThreadsCount, limit);
  assertThreadsCount(threadsCount, limit, { usable, topology });
  const cpus =
    spec.cpus === undefined ? placementOf({ ...topology, allowedCpuset: usable }, threadsCount).cpus : usable;
  return { cpus, threadsCount, wantedThreadsCount: spec.threadsCount ?? wantedThreadsCount };
}

function cpusFor({ cpus, nodeIndex }: LaunchSpec, topology: Topology): string {
  const listed = cpus === undefined ? usableCpusOf(topology) : checkedCpusOf(cpus, topology);
  if (nodeIndex === undefined || cpus !== undefined) return listed;
  const node = nodeAt(nodeIndex, topology);
  if (node.cpus === "") {
    const message = `NUMA node ${nodeIndex} has memory but no CPUs, and at least one CPU is needed. Pass cpus too: those of a node near to it.`;
    throw new LaunchError("no-cpus", message, { facts: { nodeIndex } });
  }
  const onNode = intersectCpus(node.cpus, listed);
  if (onNode !== "") return onNode;
  const message = `NUMA node ${nodeIndex} has the CPUs ${node.cpus}, and this process may use ${listed} only. Pass a nodeIndex whose CPUs it may use, or allow it more.`;
  throw new LaunchError("node-not-allowed", message, { facts: { nodeIndex, cpus: node.cpus, allowedCpus: listed } });
}

/**
 * CPUs that were asked for, in order. Isolated ones are in no process's allowed set, yet can be had by asking.
 * @throws {LaunchError} `no-cpus`, `no-such-cpu`, `cpu-offline`, `cpu-not-allowed`
 */
export function checkedCpusOf(text: string, topology: Topology): string {
  const { offlineCpus, cpuset, allowedCpuset, isolatedCpus } = topology;
  const cpus = formatCpuList(parseCpuList(text));
  if (cpus === "")
    throw new LaunchError("no-cpus", "The list of CPUs is empty; at least one CPU is needed. Write it like 0-3,8.");
  const offline = intersectCpus(cpus, offlineCpus);
  if (offline !== "") throw cpuErrorOf("cpu-offline", offline, `is offline; online are ${cpuset}`);
  const absent = subtractCpus(cpus, cpuset);
  if (absent !== "") throw cpuErrorOf("no-such-cpu", absent, `is not there; this machine has ${cpuset}`);
  const permitted = formatCpuList([...parseCpuList(allowedCpuset), ...parseCpuList(isolatedCpus)]);
  const forbidden = subtractCpus(cpus, permitted);
  if (forbidden !== "")
    throw cpuErrorOf("cpu-not-allowed", forbidden, `may not be used by this process; allowed are ${permitted}`);
  return cpus;
}

function cpuErrorOf(code: "cpu-offline" | "no-such-cpu" | "cpu-not-allowed", cpus: string, found: string): LaunchError {
  return new LaunchError(code, `CPU ${cpus} ${found}. Pass cpus from these only.`, { facts: { cpus } });
}

/** Whole CPUs that the container's quota of CPU time is worth, at least one. */
export function quotaOf({ limits }: Topology): number {
  return Math.max(1, Math.floor(limits.cpuQuotaCpus ?? Infinity));
}

/** One thread a core is the most that computing gains from; on a machine with two kinds of cores, the fast ones. */
function coresCountOf(cpus: string, topology: Topology): number {
  const performance = topology.cpuKinds.find(({ kind }) => kind === "performance")?.cpus ?? "";
  const fast = intersectCpus(cpus, performance);
  return coresOf(topology, fast === "" ? cpus : fast).length;
}

function assertThreadsCount(
  threadsCount: number,
  limit: number,
  { usable, topology }: { usable: string; topology: Topology },
): void {
  if (Number.isInteger(threadsCount) && threadsCount >= 1 && threadsCount <= limit) return;
  const quota = topology.limits.cpuQuotaCpus;
  const bounds = `the CPUs ${usable} hold ${countCpus(usable)}${quota === null ? "" : ` and the container's quota is worth ${quota} CPUs`}`;
  const message = `${threadsCount} threads were asked for, and ${bounds}. Pass a whole threadsCount from 1 to ${limit}.`;
  throw new LaunchError("threads-out-of-range", message, {
    facts: { threadsCount, limit, cpus: usable, cpuQuotaCpus: quota },
  });
}
