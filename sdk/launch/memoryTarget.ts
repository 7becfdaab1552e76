import { parseCpuList, type Topology } from "../topology/index.ts";
import { LaunchError } from "./errors.ts";
import { memoryNodesOf, nearestOf, nodeAt, nodesNear } from "./nodes.ts";
import type { LaunchSpec } from "./plan.ts";

/**
 * The nodes that the memory of a process on these CPUs should come from: the nearest ones that have memory for it, of those
 * that were named; or the fastest.
 * @throws {LaunchError} `no-such-node`, `node-not-allowed`
 */
export function memoryTargetOf(cpus: string, spec: LaunchSpec, topology: Topology): number[] {
  const { memoryNodes, bandwidthFirst = false, nodeBandwidths = {} } = spec.instances ?? {};
  if (memoryNodes !== undefined) {
    const named = parseCpuList(memoryNodes);
    for (const node of named) assertHasMemory(node, topology);
    return nearestOf(named, cpus, topology);
  }
  if (bandwidthFirst) return fastestOf(cpus, nodeBandwidths, topology);
  if (spec.nodeIndex === undefined || spec.instances !== undefined) return nodesNear(cpus, topology);
  const node = nodeAt(spec.nodeIndex, topology);
  if (topology.cpuOnlyNodes.includes(node.osIndex)) return nodesNear(node.cpus, topology);
  assertHasMemory(node.osIndex, topology);
  return [node.osIndex];
}

/** The nodes of highest stated bandwidth, the nearest of them; where none is stated, the nearest without CPUs. */
function fastestOf(cpus: string, bandwidths: Readonly<Record<number, number>>, topology: Topology): number[] {
  const nodes = memoryNodesOf(topology);
  const best = Math.max(...nodes.map((node) => bandwidths[node] ?? 0));
  const fastest = nodes.filter((node) => best > 0 && bandwidths[node] === best);
  const withoutCpus = nodes.filter((node) => topology.memoryOnlyNodes.includes(node));
  const candidates = fastest.length > 0 ? fastest : withoutCpus;
  return candidates.length > 0 ? nearestOf(candidates, cpus, topology) : nodesNear(cpus, topology);
}

function assertHasMemory(nodeIndex: number, topology: Topology): void {
  nodeAt(nodeIndex, topology);
  if (memoryNodesOf(topology).includes(nodeIndex)) return;
  const message = `Memory of NUMA node ${nodeIndex} may not be used by this process; allowed are the nodes ${topology.allowedNodeset}. Pass one of these as nodeIndex, or allow it more.`;
  throw new LaunchError("node-not-allowed", message, { facts: { nodeIndex, allowedNodes: topology.allowedNodeset } });
}
