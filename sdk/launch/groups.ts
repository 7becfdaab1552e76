import { parseCpuList, type Topology } from "../topology/index.ts";
import type { InstanceScope } from "./instances.ts";
import { byNode, type Core } from "./pool.ts";

/** Cores among which a number of instances is shared out. */
export interface Group {
  /** For people: `the machine`, `package 1`, `NUMA node 0`, `the last cache 2`. */
  readonly name: string;
  readonly cores: readonly Core[];
}

/** The cores by what instances are counted in; no group is empty. */
export function groupsOf(cores: readonly Core[], per: InstanceScope, topology: Topology): Group[] {
  if (per === "machine") return [{ name: "the machine", cores }];
  if (per === "node") return nodeGroupsOf(cores);
  const parts = per === "package" ? topology.packageList.map(({ cpus }) => cpus) : lastCacheListsOf(topology);
  const groups = partsOf(cores, parts).map((part, index) => ({
    name: per === "package" ? `package ${index}` : `the last cache ${index}`,
    cores: part,
  }));
  return per === "package" ? groups : groups.flatMap(dividedByNode);
}

/** CPUs that belong to no node make no group, unless there are no others. */
function nodeGroupsOf(cores: readonly Core[]): Group[] {
  const homed = cores.filter(({ nodeIndex }) => nodeIndex !== null);
  return byNode(homed.length === 0 ? cores : homed).map((node) => ({
    name: `NUMA node ${node[0]?.nodeIndex ?? "–"}`,
    cores: node,
  }));
}

function dividedByNode({ name, cores }: Group): Group[] {
  return byNode(cores).map((node) => ({ name, cores: node }));
}

/** The cores of each part, and what is in none of them as a part of its own, in the order of the cores. */
function partsOf(cores: readonly Core[], parts: readonly string[]): Core[][] {
  const sets = parts.map((part) => new Set(parseCpuList(part)));
  const partOf = ({ cpus }: Core): number => sets.findIndex((set) => cpus.some((cpu) => set.has(cpu)));
  const numbers = [...new Set(cores.map(partOf))];
  return numbers.map((number) => cores.filter((core) => partOf(core) === number));
}

function lastCacheListsOf({ caches }: Topology): string[] {
  const lastLevel = Math.max(...caches.map(({ level }) => level));
  return caches.filter(({ level }) => level === lastLevel).flatMap(({ cpusets }) => [...cpusets]);
}
