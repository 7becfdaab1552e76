import { coresOf, lastCachesOf, usableCpusOf } from "./cores.ts";
import { countCpus, formatCpuList, parseCpuList } from "./cpuList.ts";
import { TopologyError } from "./errors.ts";
import { compareKeys } from "./order.ts";
import type { CpuList, NumaNode, Topology } from "./topology.ts";
import type { CpuSet } from "./tree.ts";

/** Where the threads of one run belong. */
export interface Placement {
  /** One PU a thread. */
  readonly cpus: CpuList;
  /** The nodes with memory that are nearest to them. */
  readonly nodes: CpuList;
}

const mostThreadCounts = 12;

function performanceCpusOf(topology: Topology): Set<number> {
  const performance = topology.cpuKinds.find(({ kind }) => kind === "performance");
  return new Set(parseCpuList(performance?.cpus ?? ""));
}

/** The packages, nodes and last caches, which a run should fill one after the other. */
function surroundingsOf(topology: Topology): Record<"packages" | "nodes" | "caches", CpuList[]> {
  return {
    packages: topology.packageList.map(({ cpus }) => cpus),
    nodes: topology.numaNodes.map(({ cpus }) => cpus),
    caches: lastCachesOf(topology).flatMap(({ cpusets }) => cpusets),
  };
}

/** The cores of one kind, so that those of one surrounding stand together, the fullest first, at every width. */
function packedOf(cores: readonly CpuSet[], surroundings: readonly CpuList[]): CpuSet[] {
  const keys = new Map<CpuSet, number[]>(cores.map((core) => [core, []]));
  const widestFirst = surroundings.map(parseCpuList).sort((a, b) => b.length - a.length);
  for (const cpus of widestFirst.map((list) => new Set(list))) {
    const members = [...cores.entries()].filter(([, core]) => cpus.has(core[0] ?? -1));
    for (const [, core] of members) keys.get(core)?.push(-members.length, members[0]?.[0] ?? 0);
  }
  for (const [index, core] of cores.entries()) keys.get(core)?.push(index);
  return [...cores].sort((a, b) => compareKeys(keys.get(a) ?? [], keys.get(b) ?? []));
}

function placedCoresOf(topology: Topology): CpuSet[] {
  const cores = coresOf(topology, usableCpusOf(topology)).map(parseCpuList);
  const fast = performanceCpusOf(topology);
  const isFast = (core: CpuSet) => fast.has(core[0] ?? -1);
  const surroundings = Object.values(surroundingsOf(topology)).flat();
  return [cores.filter(isFast), cores.filter((core) => !isFast(core))].flatMap((kind) => packedOf(kind, surroundings));
}

/**
 * The usable PUs of each core in the order in which a run should take the cores: fast ones first, then those behind one last
 * cache together, then of one node, then of one package, beginning where most are usable.
 */
export function allowedCoresOf(topology: Topology): CpuList[] {
  return placedCoresOf(topology).map(formatCpuList);
}

/**
 * Which PUs a run of so many threads should use, and the memory nearest to them: a core for each thread while there are cores,
 * then their SMT siblings.
 * @throws {TopologyError} `bad-threads-count` when that is not a whole number from 1 to the usable PUs
 */
export function placementOf(topology: Topology, threadsCount: number): Placement {
  const cores = placedCoresOf(topology);
  const usable = usableCpusOf(topology);
  if (!Number.isInteger(threadsCount) || threadsCount < 1 || threadsCount > countCpus(usable)) {
    const message = `${String(threadsCount)} threads were asked for; this process may use the CPUs ${usable}. Ask for a whole number from 1 to ${countCpus(usable)}.`;
    throw new TopologyError("bad-threads-count", message, { facts: { threadsCount, usable } });
  }
  const mostSiblings = Math.max(...cores.map((core) => core.length));
  const rounds = Array.from({ length: mostSiblings }, (_, sibling) => cores.flatMap((core) => core[sibling] ?? []));
  const cpus = rounds.flat().slice(0, threadsCount);
  return { cpus: formatCpuList(cpus), nodes: formatCpuList(memoryNodesOf(topology, cpus)) };
}

/** The nodes whose memory a process on these CPUs should use: their own, or where one has no allowed memory the nearest that has. */
function memoryNodesOf(topology: Topology, cpus: CpuSet): number[] {
  const allowed = new Set(parseCpuList(topology.allowedNodeset));
  const nodes = topology.numaNodes.filter(({ osIndex, memoryBytes }) => allowed.has(osIndex) && memoryBytes !== 0);
  const used = new Set(cpus);
  const homes = topology.numaNodes.filter((node) => parseCpuList(node.cpus).some((cpu) => used.has(cpu)));
  const found = homes.flatMap((home) => nearestOf(topology, home, nodes) ?? []);
  return found.length > 0 ? found : nodes.map(({ osIndex }) => osIndex);
}

function nearestOf(topology: Topology, home: NumaNode, nodes: readonly NumaNode[]): number | null {
  if (nodes.includes(home)) return home.osIndex;
  const { nodes: columns, matrix } = topology.distances ?? { nodes: [], matrix: [] };
  const row = matrix[columns.indexOf(home.osIndex)];
  if (row === undefined) return null;
  const distanceTo = ({ osIndex }: NumaNode) => row[columns.indexOf(osIndex)] ?? Infinity;
  const [nearest] = [...nodes].sort((a, b) => distanceTo(a) - distanceTo(b));
  return nearest?.osIndex ?? null;
}

/** The counts without the one that lies closest below its neighbour, sparing those that must stay; as they are when short enough. */
function thinned(counts: readonly number[], kept: ReadonlySet<number>): number[] {
  if (counts.length <= mostThreadCounts) return [...counts];
  const ratioOf = (count: number) => {
    const index = counts.indexOf(count);
    return Math.min((counts[index + 1] ?? Infinity) / count, count / (counts[index - 1] ?? 0));
  };
  const spare = counts.filter((count) => !kept.has(count)).sort((a, b) => ratioOf(a) - ratioOf(b))[0];
  return spare === undefined
    ? counts.slice(0, mostThreadCounts)
    : thinned(
        counts.filter((count) => count !== spare),
        kept,
      );
}

/**
 * The numbers of threads worth trying, ascending, at most twelve: powers of two, the cores behind one last cache, of one node,
 * of one package, of the fast kind, all cores and all PUs. A CPU quota caps them, rounded down but not below one.
 */
export function threadCountsOf(topology: Topology): number[] {
  const cores = placedCoresOf(topology);
  const pusCount = countCpus(usableCpusOf(topology));
  const cap = Math.max(1, Math.floor(topology.limits.cpuQuotaCpus ?? pusCount));
  const coresIn = (cpus: ReadonlySet<number>) => cores.filter((core) => cpus.has(core[0] ?? -1)).length;
  const largestOf = (lists: readonly CpuList[]) =>
    Math.max(0, ...lists.map((list) => coresIn(new Set(parseCpuList(list)))));
  const shapes = [...Object.values(surroundingsOf(topology)).map(largestOf), coresIn(performanceCpusOf(topology))];
  const structural = [1, ...shapes, cores.length, pusCount]
    .filter((count) => count > 0)
    .map((count) => Math.min(count, cap));
  const powers = Array.from({ length: 20 }, (_, exponent) => 2 ** exponent).filter(
    (power) => power < Math.min(pusCount, cap),
  );
  const counts = [...new Set([...structural, ...powers])].sort((a, b) => a - b);
  return thinned(counts, new Set(structural));
}
