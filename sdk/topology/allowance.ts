import { counted, formatQuantity } from "../units/index.ts";
import { countCpus, formatCpuList, parseCpuList, subtractCpus } from "./cpuList.ts";
import type { CpuList, Topology } from "./topology.ts";

/** What of a resource is there, and what this process may have of it, in words. */
export interface Allowance {
  readonly resource: "CPUs" | "NUMA nodes" | "memory" | "CPU time";
  readonly present: string;
  /** Null where it cannot be known. */
  readonly allowed: string | null;
  readonly meaning: string;
}

const listText = (list: CpuList) => `${countCpus(list)} (${list})`;
const nodesOf = ({ numaNodes }: Topology) => formatCpuList(numaNodes.map(({ osIndex }) => osIndex));

const unreadable = "no control group can be read here, so there may be a limit that is not known";
const beyond = "beyond it the kernel kills processes of this control group, however much is free";
const invisible = "no limit is seen; one set further out than this process can see would not show";

function cpusAllowance({ cpuset, allowedCpuset }: Topology): Allowance {
  const hidden = subtractCpus(cpuset, allowedCpuset);
  const meaning =
    hidden === ""
      ? "this process may run on every CPU that is online"
      : `a program that counts CPUs instead of asking what it may use starts ${counted(countCpus(hidden), "thread")} too many`;
  return { resource: "CPUs", present: listText(cpuset), allowed: listText(allowedCpuset), meaning };
}

function nodesAllowance(topology: Topology): Allowance {
  const [present, { allowedNodeset }] = [nodesOf(topology), topology];
  const hidden = subtractCpus(present, allowedNodeset);
  const meaning =
    hidden === ""
      ? "memory may come from every node"
      : `no memory comes from ${countCpus(hidden) === 1 ? "node" : "nodes"} ${hidden}, however much is free there; a program bound there is refused`;
  return { resource: "NUMA nodes", present: listText(present), allowed: listText(allowedNodeset), meaning };
}

/** The memory of the allowed nodes; all there is where every node is allowed, since some belongs to no node. */
function reachableBytesOf(topology: Topology): number | null {
  if (subtractCpus(nodesOf(topology), topology.allowedNodeset) === "") return topology.memoryBytes;
  const allowed = new Set(parseCpuList(topology.allowedNodeset));
  const sizes = topology.numaNodes.filter(({ osIndex }) => allowed.has(osIndex)).map(({ memoryBytes }) => memoryBytes);
  return sizes.reduce((sum, bytes) => (sum === null || bytes === null ? null : sum + bytes), 0);
}

function memoryAllowance(topology: Topology): Allowance {
  const { cgroupVersion, memoryBytes: limitBytes } = topology.limits;
  const reachableBytes = reachableBytesOf(topology);
  const isLimited = limitBytes !== null && limitBytes < (reachableBytes ?? Infinity);
  const allowedBytes = isLimited ? limitBytes : reachableBytes;
  const isUnread = cgroupVersion === null;
  return {
    resource: "memory",
    present: formatQuantity(topology.memoryBytes, "memoryBytes"),
    allowed: isUnread || allowedBytes === null ? null : formatQuantity(allowedBytes, "memoryBytes"),
    meaning: isLimited ? beyond : isUnread ? unreadable : invisible,
  };
}

function timeAllowance({ cpuset, allowedCpuset, limits: { cgroupVersion, cpuQuotaCpus } }: Topology): Allowance {
  const timeText = (cpus: number) => `${Number(cpus.toFixed(2))} s each second`;
  const [resource, present, mostCpus] = ["CPU time", timeText(countCpus(cpuset)), countCpus(allowedCpuset)] as const;
  if (cpuQuotaCpus === null) {
    const isUnread = cgroupVersion === null;
    return {
      resource,
      present,
      allowed: isUnread ? null : timeText(mostCpus),
      meaning: isUnread ? unreadable : invisible,
    };
  }
  const meaning =
    cpuQuotaCpus < mostCpus
      ? "a budget of time and not of CPUs: once all threads together have used it up, all stop until the next period"
      : "a budget of time that the allowed CPUs cannot use up, so it stops nobody";
  return { resource, present, allowed: timeText(Math.min(cpuQuotaCpus, mostCpus)), meaning };
}

/** What this process may have of the machine's CPUs, nodes, memory and CPU time, beside what is there, and what follows from it. */
export function allowancesOf(topology: Topology): Allowance[] {
  return [cpusAllowance, nodesAllowance, memoryAllowance, timeAllowance].map((allowance) => allowance(topology));
}
