import { formatCpuList, type Topology } from "../topology/index.ts";
import { LaunchError } from "./errors.ts";
import { memoryNodesOf, nodeAt, nodesNear } from "./nodes.ts";
import type { BindingWay, InstancePlan, LaunchSpec } from "./plan.ts";

/** What the choice of memory depends on. */
export type MemorySpec = Pick<LaunchSpec, "memory" | "nodeIndex"> & { readonly bindingWay: BindingWay };

/** Where memory comes from. */
export type MemoryChoice = Pick<InstancePlan, "memoryNodes" | "memoryPolicy">;

/**
 * Chooses where the memory of a process on these CPUs comes from. Only numactl can bind memory; but where the cpuset
 * allows one node, memory is bound to it without a tool.
 * @throws {LaunchError} `no-such-node`, `node-not-allowed`
 */
export function planMemory(cpus: string, spec: MemorySpec, topology: Topology): MemoryChoice {
  const nodes = nodesFor(cpus, spec.nodeIndex, topology);
  const policy = spec.memory ?? (nodes.length > 1 ? "interleave" : "bind");
  const isConfined = memoryNodesOf(topology).length === 1;
  const byTool = spec.bindingWay === "numactl";
  if (policy === "first-touch" || nodes.length === 0 || !(byTool || isConfined)) {
    return { memoryNodes: null, memoryPolicy: "first-touch" };
  }
  return { memoryNodes: formatCpuList(nodes), memoryPolicy: byTool ? policy : "bind" };
}

function nodesFor(cpus: string, nodeIndex: number | undefined, topology: Topology): number[] {
  if (nodeIndex === undefined) return nodesNear(cpus, topology);
  const node = nodeAt(nodeIndex, topology);
  if (memoryNodesOf(topology).includes(nodeIndex)) return [nodeIndex];
  if (topology.cpuOnlyNodes.includes(nodeIndex)) return nodesNear(node.cpus, topology);
  const message = `Memory of NUMA node ${nodeIndex} may not be used by this process; allowed are the nodes ${topology.allowedNodeset}. Pass one of these as nodeIndex, or allow it more.`;
  throw new LaunchError("node-not-allowed", message, { facts: { nodeIndex, allowedNodes: topology.allowedNodeset } });
}
