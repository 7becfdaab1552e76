import { parseCpuList, type CacheKind, type Topology } from "../topology/index.ts";
import { formatQuantity } from "../units/index.ts";

/** A part of a machine with the parts inside it; the innermost are cores, or the PUs that belong to none. */
export interface MachinePart {
  readonly kind: "package" | "node" | "cache" | "core" | "rest";
  readonly label: string;
  readonly cpus: readonly number[];
  readonly parts: readonly MachinePart[];
}

function part(kind: MachinePart["kind"], label: string, cpus: string): MachinePart {
  return { kind, label, cpus: parseCpuList(cpus), parts: [] };
}

function packagesOf({ packageList }: Topology): readonly MachinePart[] {
  return packageList.map(({ osIndex, cpus }) => part("package", `Package ${osIndex}`, cpus));
}

function nodesOf({ numaNodes, allowedNodeset }: Topology): readonly MachinePart[] {
  const allowed = new Set(parseCpuList(allowedNodeset));
  return numaNodes.map(({ osIndex, cpus, memoryBytes }) => {
    const size = memoryBytes === null ? "memory unknown" : formatQuantity(memoryBytes, "memoryBytes");
    const notes = [...(cpus === "" ? ["memory only"] : []), ...(allowed.has(osIndex) ? [] : ["not allowed"])];
    return part("node", [`NUMA node ${osIndex}`, size, ...notes].join(" · "), cpus);
  });
}

/** Caches that cores share; those of a single core are told in words, see `coreCachesOf`. */
function sharedCachesOf({ caches, coreList }: Topology): readonly MachinePart[] {
  const cores = coreList.map((cpus) => new Set(parseCpuList(cpus)));
  const inOneCore = (cache: MachinePart) => cores.some((core) => cache.cpus.every((cpu) => core.has(cpu)));
  const descending = caches.toSorted((a, b) => b.level - a.level);
  return descending
    .flatMap((cache) => cache.cpusets.map((cpus) => part("cache", cacheLabel(cache), cpus)))
    .filter((cache) => !inOneCore(cache));
}

function cacheName({ level, type }: CacheKind): string {
  return `L${level}${{ Data: "d", Instruction: "i", Unified: "" }[type]}`;
}

function cacheSize({ sizeBytes }: CacheKind): string {
  return sizeBytes === null ? "of unknown size" : formatQuantity(sizeBytes, "sizeBytes");
}

const cacheLabel = (cache: CacheKind) => `${cacheName(cache)} ${cacheSize(cache)}`;

/** The caches that single cores have for themselves, in words: `L2 1 MiB`, or `L1d 32 KiB or 48 KiB` where cores differ. */
export function coreCachesOf(topology: Topology): readonly string[] {
  const shared = new Set(sharedCachesOf(topology).map(({ label }) => label));
  const own = topology.caches.filter((cache) => !shared.has(cacheLabel(cache)));
  return [...new Set(own.map(cacheName))].map((name) => {
    const sizes = new Set(own.filter((cache) => cacheName(cache) === name).map(cacheSize));
    return `${name} ${[...sizes].join(" or ")}`;
  });
}

/** PUs that are in no core, because they are off. */
function restOf({ coreList, offlineCpus }: Topology): readonly MachinePart[] {
  const inCores = new Set(coreList.flatMap((cpus) => parseCpuList(cpus)));
  const cpus = parseCpuList(offlineCpus).filter((cpu) => !inCores.has(cpu));
  return cpus.length === 0 ? [] : [{ kind: "rest", label: "offline", cpus, parts: [] }];
}

const firstCpu = ({ cpus }: MachinePart) => cpus[0] ?? Infinity;

/** Puts each part into the smallest that holds all its PUs, and orders those beside each other by PU; largest first in. */
function nest([outer, ...others]: readonly MachinePart[]): readonly MachinePart[] {
  if (outer === undefined) return [];
  const within = new Set(outer.cpus);
  const isInside = ({ cpus }: MachinePart) => cpus.length > 0 && cpus.every((cpu) => within.has(cpu));
  const nested = { ...outer, parts: nest(others.filter(isInside)) };
  const beside = nest(others.filter((other) => !isInside(other)));
  return [nested, ...beside].sort((a, b) => firstCpu(a) - firstCpu(b));
}

/**
 * The parts of a machine, each inside the smallest part that holds it: a package may hold nodes, or a node packages,
 * whichever is true. Of parts with the same PUs the package holds the node, the node the cache, the cache the core.
 */
export function machinePartsOf(topology: Topology): readonly MachinePart[] {
  const cores = topology.coreList.map((cpus) => part("core", "", cpus));
  const outerFirst = [...packagesOf(topology), ...nodesOf(topology), ...sharedCachesOf(topology), ...cores];
  return [...nest(outerFirst.toSorted((a, b) => b.cpus.length - a.cpus.length)), ...restOf(topology)];
}
