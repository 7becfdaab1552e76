import { parseCpuList, type Topology } from "../topology/index.ts";
import { memoryNodesOf } from "./nodes.ts";
import type { BindingWay } from "./plan.ts";
import { probeRefusal, type Refusal } from "./refusal.ts";

/** How this machine lets processes be bound, found by trying. */
export interface BindingProbe {
  readonly way: BindingWay;
  /** What keeps memory on its node: numactl, or a cpuset that allows one node only; null when nothing does. */
  readonly memoryBy: "numactl" | "cpuset" | null;
  /** What was tried, and what came of it. */
  readonly reason: string;
  /** What would permit more, else null. */
  readonly advice: string | null;
}

const probes = new Map<string, Promise<BindingProbe>>();

/**
 * How processes can be bound on this machine: the best way that works for one allowed CPU and its memory, found by
 * starting `true` in that way, once in the life of this process.
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
  const taskset = ["taskset", "-c", String(cpu)];
  const numactlRefusal = await probeRefusal(numactl);
  if (numactlRefusal === null) {
    return { way: "numactl", memoryBy: "numactl", reason: `\`${numactl.join(" ")}\` works here.`, advice: null };
  }
  const tasksetRefusal = await probeRefusal(taskset);
  const isConfined = otherNodes.length === 0;
  const memory = isConfined ? ` Memory is confined to node ${node} by the cpuset.` : "";
  const tried = [storyOf(numactl, numactlRefusal), storyOf(taskset, tasksetRefusal)].join(" ");
  return {
    way: wayOf(tasksetRefusal, isConfined),
    memoryBy: isConfined ? "cpuset" : null,
    reason: tried + memory,
    advice: adviceOf(numactlRefusal, tasksetRefusal, isConfined),
  };
}

function wayOf(tasksetRefusal: Refusal | null, isConfined: boolean): BindingWay {
  if (tasksetRefusal === null) return "taskset";
  return isConfined ? "cpuset" : "none";
}

function storyOf(prefix: readonly string[], refusal: Refusal | null): string {
  const command = `\`${prefix.join(" ")}\``;
  if (refusal === null) return `${command} works.`;
  return refusal.isMissing ? `${prefix[0]} is not installed.` : `${command} is refused: ${refusal.line}.`;
}

function adviceOf(numactl: Refusal, taskset: Refusal | null, isConfined: boolean): string | null {
  if (taskset === null && isConfined) return null;
  if (numactl.isMissing) return "Install numactl: apt-get install numactl.";
  return "In a container, start it as root with --cap-add=SYS_NICE, or confine it with --cpuset-cpus and --cpuset-mems.";
}
