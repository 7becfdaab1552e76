import { distanceOf, l1Bytes, l3Bytes, nodeBytes, nodeIndexesOf, pusOf } from "./spec.ts";
import type { MachineSpec, Pu } from "./spec.ts";

/** The kernel's list notation, written apart from the code under test. */
export function listOf(cpus: readonly number[]): string {
  const sorted = [...cpus].sort((a, b) => a - b);
  const starts = sorted.filter((cpu) => !sorted.includes(cpu - 1));
  return starts
    .map((start) => {
      let end = start;
      while (sorted.includes(end + 1)) end += 1;
      return start === end ? `${start}` : `${start}-${end}`;
    })
    .join(",");
}

const ascending = (sets: readonly number[][]) => [...sets].sort((a, b) => a[0]! - b[0]!);

/** The online PUs that share the value of a field, as ascending sets. */
export function groupsOf(pus: readonly Pu[], field: keyof Pu): number[][] {
  const values = [...new Set(pus.map((pu) => pu[field]))];
  const sets = values.map((value) => pus.filter((pu) => pu[field] === value).map(({ cpu }) => cpu));
  return sets.map((set) => set.sort((a, b) => a - b));
}

function cachesOf(level: number, sizeBytes: number, sets: readonly number[][]) {
  const sizes = [...new Set(sets.map((set) => set.length))].sort((a, b) => a - b);
  const type = level === 1 ? "Data" : "Unified";
  return sizes.map((sharedBy) => ({
    level,
    type,
    sizeBytes,
    sharedBy,
    count: sets.filter((set) => set.length === sharedBy).length,
  }));
}

/** What a probe has to say about the machine, computed from its specification. */
export function expectedOf(spec: MachineSpec) {
  const online = pusOf(spec).filter(({ cpu }) => !spec.offline.includes(cpu));
  const cores = ascending(groupsOf(online, "coreIndex"));
  const nodes = nodeIndexesOf(spec);
  const cpusOfNode = (node: number) => online.filter(({ nodeIndex }) => nodeIndex === node).map(({ cpu }) => cpu);
  const all = online.map(({ cpu }) => cpu);
  const { container } = spec;
  const allowed = container === null ? all : all.filter((cpu) => container.cpus.includes(cpu));
  return {
    packages: groupsOf(online, "packageIndex").length,
    dies: 0,
    cores: cores.length,
    pus: all.length,
    smtWidth: Math.max(...cores.map((core) => core.length)),
    numaNodes: nodes.map((osIndex) => ({ osIndex, cpus: listOf(cpusOfNode(osIndex)), memoryBytes: nodeBytes })),
    memoryOnlyNodes: nodes.filter((node) => cpusOfNode(node).length === 0),
    cpuOnlyNodes: [],
    coreList: cores.map(listOf),
    caches: [...cachesOf(1, l1Bytes, cores), ...cachesOf(3, l3Bytes, groupsOf(online, "cacheIndex"))],
    distances:
      nodes.length === 1
        ? null
        : { nodes, matrix: nodes.map((_, from) => nodes.map((__, to) => distanceOf(spec, from, to))) },
    cpuset: listOf(all),
    offlineCpus: listOf(spec.offline),
    isolatedCpus: listOf(spec.isolated.filter((cpu) => all.includes(cpu))),
    allowedCpuset: listOf(allowed),
    allowedNodeset: listOf(container === null ? nodes : nodes.filter((node) => container.nodes.includes(node))),
    limits: {
      cgroupVersion: container?.version ?? null,
      cpuQuotaCpus: container?.quotaCpus ?? null,
      memoryBytes: container?.memoryBytes ?? null,
    },
  };
}

/** The same fields of what a probe said. Its cores are put in ascending order: the order of the machine is tested by itself. */
export function comparableOf(topology: Record<string, unknown>, spec: MachineSpec): unknown {
  const picked = Object.fromEntries(Object.keys(expectedOf(spec)).map((name) => [name, topology[name]]));
  const { coreList, numaNodes, caches } = topology as {
    coreList: string[];
    numaNodes: Record<string, unknown>[];
    caches: Record<string, unknown>[];
  };
  return {
    ...picked,
    coreList: [...coreList].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)),
    numaNodes: numaNodes.map(({ osIndex, cpus, memoryBytes }) => ({ osIndex, cpus, memoryBytes })),
    caches: caches.map(({ level, type, sizeBytes, sharedBy, count }) => ({ level, type, sizeBytes, sharedBy, count })),
  };
}
