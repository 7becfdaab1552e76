import { createHash } from "node:crypto";
import type { Topology } from "./topology.ts";

/**
 * 16 hexadecimal digits that are the same for the same machine: of all that is built into it. Memory sizes, which drift, and what
 * belongs to the moment, the process or the system (allowed CPUs, limits, root, operating system) are left out.
 */
export function topologyDigest(topology: Topology): string {
  const structure = [
    [topology.architecture, topology.cpuModel, topology.isaFlags, topology.isVirtualMachine, topology.cpuKinds],
    [
      topology.packageList,
      topology.dies,
      topology.coreList,
      topology.cpuset,
      topology.offlineCpus,
      topology.isolatedCpus,
    ],
    [topology.numaNodes.map(({ osIndex, cpus }) => [osIndex, cpus]), topology.distances, topology.caches],
  ];
  return createHash("sha256").update(JSON.stringify(structure)).digest("hex").slice(0, 16);
}
