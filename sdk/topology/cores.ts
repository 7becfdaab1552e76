import { formatCpuList, parseCpuList, subtractCpus } from "./cpuList.ts";
import type { CacheKind, CpuList, Topology } from "./topology.ts";

/** The NUMA node that a CPU belongs to, or null where the kernel tells none. */
export function nodeOfCpu(topology: Topology, cpu: number): number | null {
  return topology.numaNodes.find(({ cpus }) => parseCpuList(cpus).includes(cpu))?.osIndex ?? null;
}

/** What each core has of these CPUs, in the order of the machine. A CPU of which the kernel tells no core counts as one. */
export function coresOf(topology: Topology, cpus: CpuList): CpuList[] {
  const asked = new Set(parseCpuList(cpus));
  const known = topology.coreList.map((core) => parseCpuList(core).filter((cpu) => asked.delete(cpu)));
  const alone = [...asked].map((cpu) => [cpu]);
  return [...known.filter((core) => core.length > 0), ...alone].map(formatCpuList);
}

/** The CPUs that a process may use and that the scheduler fills by itself; the isolated ones where no others are left. */
export function usableCpusOf(topology: Topology): CpuList {
  const shared = subtractCpus(topology.allowedCpuset, topology.isolatedCpus);
  return shared === "" ? topology.allowedCpuset : shared;
}

/** The caches of the last level, which a run should not spread over without need; none where the kernel tells no caches. */
export function lastCachesOf({ caches }: Topology): CacheKind[] {
  const lastLevel = Math.max(...caches.map(({ level }) => level));
  return caches.filter(({ level }) => level === lastLevel);
}
