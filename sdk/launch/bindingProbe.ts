import { parseCpuList, type Topology } from "../topology/index.ts";
import type { BindingWay } from "./bindingWay.ts";
import { syscallsRefusal } from "./binder.ts";
import { bindingAdviceOf } from "./bindingAdvice.ts";
import { memoryNodesOf } from "./nodes.ts";
import { probeRefusal, type Refusal } from "./refusal.ts";

/** How this machine lets processes be bound, found by trying. */
export interface BindingProbe {
  readonly way: BindingWay;
  /** What keeps memory on its node: the way itself, or a cpuset that allows one node only; null when nothing does. */
  readonly memoryBy: "numactl" | "syscalls" | "cpuset" | null;
  /** What was tried, and what came of it. */
  readonly reason: string;
  /** What would permit more, else null. */
  readonly advice: string | null;
}

const probes = new Map<string, Promise<BindingProbe>>();

/**
 * How processes can be bound on this machine: the best way that works for one allowed CPU and its memory, found by
 * trying it, once in the life of this process.
 */
export function probeBindingWay(topology: Topology): Promise<BindingProbe> {
  const key = `${topology.allowedCpuset} ${topology.allowedNodeset}`;
  const probe = probes.get(key) ?? probeOnce(topology);
  probes.set(key, probe);
  return probe;
}

async function probeOnce(topology: Topology): Promise<BindingProbe> {
  const [cpu = 0] = parseCpuList(topology.allowedCpuset);
  const [node = 0, ...otherNodes] = memoryNodesOf(topology);
  const numactl = ["numactl", "--all", "-C", String(cpu), "-m", String(node)];
  const numactlRefusal = await probeRefusal(numactl);
  if (numactlRefusal === null) {
    return { way: "numactl", memoryBy: "numactl", reason: storyOf(numactl, null), advice: null };
  }
  const refusal = await syscallsRefusal({ cpus: String(cpu), memoryNodes: String(node), memoryPolicy: "bind" });
  const calls = "System calls of the thread that starts a process";
  if (refusal === null) {
    const reason = `${storyOf(numactl, numactlRefusal)} ${calls} bind it here.`;
    return { way: "syscalls", memoryBy: "syscalls", reason, advice: null };
  }
  const taskset = ["taskset", "-c", String(cpu)];
  const tasksetRefusal = await probeRefusal(taskset);
  const isConfined = otherNodes.length === 0;
  const tried = [
    storyOf(numactl, numactlRefusal),
    `${calls} do not bind it: ${refusal}.`,
    storyOf(taskset, tasksetRefusal),
    ...(isConfined ? [`Memory is confined to node ${node} by the cpuset.`] : []),
  ];
  return {
    way: wayOf(tasksetRefusal, isConfined),
    memoryBy: isConfined ? "cpuset" : null,
    reason: tried.join(" "),
    advice: isConfined && tasksetRefusal === null ? null : bindingAdviceOf(refusal, topology),
  };
}

function wayOf(tasksetRefusal: Refusal | null, isConfined: boolean): BindingWay {
  if (tasksetRefusal === null) return "taskset";
  return isConfined ? "cpuset" : "none";
}

function storyOf(prefix: readonly string[], refusal: Refusal | null): string {
  const command = `\`${prefix.join(" ")}\``;
  if (refusal === null) return `${command} works here.`;
  return refusal.isMissing ? `${prefix[0]} is not installed.` : `${command} is refused: ${refusal.line}.`;
}
