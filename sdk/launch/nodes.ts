import { formatCpuList, type NumaNode, parseCpuList, type Topology } from "../topology/index.ts";
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
  return cpus === "" ? [] : nearestOf(memoryNodesOf(topology), cpus, topology);
}

/**
 * For each node that these CPUs are on, itself if it is one of those given, else the nearest of them; all of them where the
 * kernel tells no nodes or no distances.
 */
export function nearestOf(nodes: readonly number[], cpus: string, { numaNodes, distances }: Topology): number[] {
  const used = new Set(parseCpuList(cpus));
  const homes = numaNodes.filter((node) => parseCpuList(node.cpus).some((cpu) => used.has(cpu)));
  const { nodes: columns, matrix } = distances ?? { nodes: [], matrix: [] };
  const nearest = homes.flatMap(({ osIndex: home }) => {
    if (nodes.includes(home)) return [home];
    const row = matrix[columns.indexOf(home)];
    const distanceTo = (node: number): number => row?.[columns.indexOf(node)] ?? Infinity;
    return row === undefined ? [] : [...nodes].sort((a, b) => distanceTo(a) - distanceTo(b)).slice(0, 1);
  });
  return [...new Set(nearest.length > 0 ? nearest : nodes)].sort((a, b) => a - b);
}
