import { listNumbered, readCpuSet } from "./tree.ts";
import type { CpuSet, MachineTree } from "./tree.ts";
import type { NodeDistances } from "./topology.ts";

/** A NUMA node as the kernel tells it. */
export interface Node {
  readonly osIndex: number;
  readonly cpus: CpuSet;
  readonly memoryBytes: number | null;
  readonly availableBytes: number | null;
}

const nodesFolder = "sys/devices/system/node";
const nodeFolder = (node: number) => `${nodesFolder}/node${String(node)}`;
const listNodes = (tree: MachineTree) =>
  readCpuSet(tree, `${nodesFolder}/online`) ?? listNumbered(tree, nodesFolder, "node");

/** A figure of a meminfo file in bytes, or null. */
export function memoryOf(meminfo: string | null, name: string): number | null {
  const escaped = name.replace(/[()]/g, "\\$&");
  const [, kibibytes] = new RegExp(`\\b${escaped}:\\s*(\\d+) kB`).exec(meminfo ?? "") ?? [];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/** What is free, and what the kernel gives up for who asks: cached files, and its own caches that can be dropped. */
const available = ["MemFree", "Active(file)", "Inactive(file)", "SReclaimable"];

/** What a new process can have of the memory that a meminfo file tells of, in bytes; null where it tells nothing. */
export function availableBytesOf(meminfo: string | null): number | null {
  const free = memoryOf(meminfo, "MemFree");
  if (free === null) return null;
  const bytes = available.reduce((sum, name) => sum + (memoryOf(meminfo, name) ?? 0), 0);
  return Math.min(bytes, memoryOf(meminfo, "MemTotal") ?? bytes);
}

function readNode(tree: MachineTree, osIndex: number, online: ReadonlySet<number>): Node[] {
  const folder = nodeFolder(osIndex);
  const listed = readCpuSet(tree, `${folder}/cpulist`) ?? readCpuSet(tree, `${folder}/cpumap`);
  if (listed === null) return [];
  const cpus = listed.filter((cpu) => online.has(cpu));
  const meminfo = tree.read(`${folder}/meminfo`);
  return [{ osIndex, cpus, memoryBytes: memoryOf(meminfo, "MemTotal"), availableBytes: availableBytesOf(meminfo) }];
}

/**
 * The NUMA nodes: one with all PUs where the kernel tells none.
 * A CPU has one node, so a node that claims CPUs of an earlier one is a fault of the firmware and is left out.
 */
export function readNodes(tree: MachineTree, pus: CpuSet): Node[] {
  const online = new Set(pus);
  const claimed = new Set<number>();
  const nodes = listNodes(tree)
    .flatMap((osIndex) => readNode(tree, osIndex, online))
    .filter(({ cpus }) => {
      const isOverlapping = cpus.some((cpu) => claimed.has(cpu));
      if (!isOverlapping) for (const cpu of cpus) claimed.add(cpu);
      return !isOverlapping;
    });
  if (nodes.length > 0) return nodes;
  const meminfo = tree.read("proc/meminfo");
  const [memoryBytes, availableBytes] = [memoryOf(meminfo, "MemTotal"), availableBytesOf(meminfo)];
  return [{ osIndex: 0, cpus: pus, memoryBytes, availableBytes }];
}

/** The distances between the nodes; null for a single node and where a row is incomplete. A row has a column for each online node. */
export function readDistances(tree: MachineTree, nodes: readonly Node[]): NodeDistances | null {
  if (nodes.length < 2) return null;
  const indexes = nodes.map(({ osIndex }) => osIndex);
  const kept = new Set(indexes);
  const isKept = listNodes(tree).map((node) => kept.has(node));
  const matrix = indexes.map((node) => {
    const row = (tree.read(`${nodeFolder(node)}/distance`) ?? "").split(/\s+/).map(Number);
    return row.filter((distance, column) => isKept[column] === true && distance > 0);
  });
  return matrix.every((row) => row.length === indexes.length) ? { nodes: indexes, matrix } : null;
}
