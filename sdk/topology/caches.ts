import { formatCpuList } from "./cpuList.ts";
import { cpuFolder, listNumbered, onlineSetReader, readInteger } from "./tree.ts";
import type { CpuSet, MachineTree } from "./tree.ts";
import type { CacheKind } from "./topology.ts";

/** One cache and the PUs behind it. */
export interface Cache {
  readonly level: number;
  readonly type: CacheKind["type"];
  readonly sizeBytes: number | null;
  readonly cpus: CpuSet;
}

const bytesOfUnit: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

function bytesOf(text: string | null): number | null {
  const [, digits, unit] = /^(\d+)([KMG])?$/.exec(text ?? "") ?? [];
  return digits === undefined ? null : Number(digits) * (bytesOfUnit[unit ?? ""] ?? 1);
}

function typeOf(text: string | null): CacheKind["type"] {
  return text === "Data" || text === "Instruction" ? text : "Unified";
}

function readCache(tree: MachineTree, folder: string, cpus: CpuSet): Cache[] {
  const level = readInteger(tree, `${folder}/level`);
  if (level === null) return [];
  return [{ level, type: typeOf(tree.read(`${folder}/type`)), sizeBytes: bytesOf(tree.read(`${folder}/size`)), cpus }];
}

/**
 * All caches of the PUs. The first PU behind a cache tells it, and the folders of PUs of which all is told are not opened:
 * the kernel numbers the caches of PUs that share them alike.
 */
export function readCaches(tree: MachineTree, pus: CpuSet): Cache[] {
  const [readMap, readList] = [onlineSetReader(tree, pus), onlineSetReader(tree, pus)];
  const toldByIndex = new Map<number, Set<number>>();
  const isTold = (cpu: number) => toldByIndex.size > 0 && [...toldByIndex.values()].every((told) => told.has(cpu));

  const readIndex = (cpu: number, index: number): Cache[] => {
    const told = toldByIndex.get(index) ?? new Set();
    toldByIndex.set(index, told);
    if (told.has(cpu)) return [];
    const folder = `${cpuFolder(cpu)}/cache/index${String(index)}`;
    const cpus = readMap(`${folder}/shared_cpu_map`) ?? readList(`${folder}/shared_cpu_list`) ?? [];
    if (cpus[0] !== cpu) return [];
    for (const each of cpus) told.add(each);
    return readCache(tree, folder, cpus);
  };

  return pus.flatMap((cpu) => {
    if (isTold(cpu)) return [];
    return listNumbered(tree, `${cpuFolder(cpu)}/cache`, "index").flatMap((index) => readIndex(cpu, index));
  });
}

const byKind = (one: CacheKind, other: CacheKind) =>
  one.level - other.level ||
  one.type.localeCompare(other.type) ||
  (one.sizeBytes ?? 0) - (other.sizeBytes ?? 0) ||
  one.sharedBy - other.sharedBy;

/** The caches gathered by level, type, size and number of PUs behind each. */
export function cacheKindsOf(caches: readonly Cache[]): CacheKind[] {
  const alike = new Map<string, Cache[]>();
  for (const cache of caches) {
    const key = [cache.level, cache.type, cache.sizeBytes, cache.cpus.length].join(" ");
    alike.set(key, [...(alike.get(key) ?? []), cache]);
  }
  const kinds = [...alike.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [kindOf(first, [first, ...others])],
  );
  return kinds.sort(byKind);
}

function kindOf({ level, type, sizeBytes, cpus }: Cache, instances: readonly Cache[]): CacheKind {
  const cpusets = instances.map((instance) => formatCpuList(instance.cpus));
  return { level, type, sizeBytes, sharedBy: cpus.length, count: instances.length, cpusets };
}
