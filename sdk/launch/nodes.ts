import {
  countCpus,
  formatCpuList,
  type NumaNode,
  parseCpuList,
  placementOf,
  type Topology,
} from "../topology/index.ts";
import { LaunchError } from "./errors.ts";

/**
 * The NUMA node of that number.
 * @throws {LaunchError} `no-such-node`
 */
export function nodeAt(nodeIndex: number, { numaNodes }: Topology): NumaNode {
  const node = numaNodes.find(({ osIndex }) => osIndex === nodeIndex);
  if (node !== undefined) return node;
  const nodes = formatCpuList(numaNodes.map(({ osIndex }) => osIndex));
  const message = `NUMA node ${nodeIndex} is not there; this machine has ${nodes === "" ? "no nodes" : `nodes ${nodes}`}. Pass one of these as nodeIndex, or none.`;
  throw new LaunchError("no-such-node", message, { facts: { nodeIndex, nodes } });
}

/** The nodes that hold memory which this process may use, ascending. */
export function memoryNodesOf({ allowedNodeset, cpuOnlyNodes, numaNodes }: Topology): number[] {
  const allowed = new Set(parseCpuList(allowedNodeset));
  const nodes = numaNodes
    .map(({ osIndex }) => osIndex)
    .filter((node) => allowed.has(node) && !cpuOnlyNodes.includes(node));
  return nodes.sort((a, b) => a - b);
}

/** The nodes whose memory is nearest to these CPUs, of those that have memory for this process; none for no CPUs. */
export function nodesNear(cpus: string, topology: Topology): number[] {
  const count = countCpus(cpus);
  if (count === 0) return [];
  return parseCpuList(placementOf({ ...topology, allowedCpuset: cpus, isolatedCpus: "" }, count).nodes);
}
