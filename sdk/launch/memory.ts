import { formatCpuList, type Topology } from "../topology/index.ts";
import { bindsMemory } from "./bindingWay.ts";
import { memoryTargetOf } from "./memoryTarget.ts";
import { memoryNodesOf } from "./nodes.ts";
import type { InstancePlan, LaunchSpec } from "./plan.ts";

/** Where memory comes from. */
export type MemoryChoice = Pick<InstancePlan, "memoryNodes" | "memoryPolicy">;

/**
 * Chooses where the memory of a process on these CPUs comes from. Not every way binds memory; but where the cpuset
 * allows one node, memory is bound to it without a tool.
 * @throws {LaunchError} `no-such-node`, `node-not-allowed`
 */
export function planMemory(cpus: string, spec: LaunchSpec, topology: Topology): MemoryChoice {
  const nodes = memoryTargetOf(cpus, spec, topology);
  const policy = spec.memory ?? (nodes.length > 1 ? "interleave" : "bind");
  const isConfined = memoryNodesOf(topology).length === 1;
  const byTool = bindsMemory(spec.bindingWay ?? "numactl");
  if (policy === "first-touch" || nodes.length === 0 || !(byTool || isConfined)) {
    return { memoryNodes: null, memoryPolicy: "first-touch" };
  }
  return { memoryNodes: formatCpuList(nodes), memoryPolicy: byTool ? policy : "bind" };
}
