import type { Topology } from "../../sdk/topology/index.ts";

/** A machine of one package with one NUMA node, one L3 and two cores; `changes` makes others of it. */
export function machineOf(changes: Partial<Topology> = {}): Topology {
  return {
    architecture: "x86_64",
    packages: 1,
    packageList: [{ osIndex: 0, cpus: "0-1", model: "Example 9000" }],
    dies: 1,
    cores: 2,
    coreList: ["0", "1"],
    pus: 2,
    smtWidth: 1,
    numaNodes: [{ osIndex: 0, cpus: "0-1", memoryBytes: 8 * 2 ** 30, availableBytes: null }],
    memoryOnlyNodes: [],
    cpuOnlyNodes: [],
    caches: [
      { level: 1, type: "Data", sizeBytes: 48 * 1024, sharedBy: 1, count: 2, cpusets: ["0", "1"] },
      { level: 3, type: "Unified", sizeBytes: 32 * 2 ** 20, sharedBy: 2, count: 1, cpusets: ["0-1"] },
    ],
    distances: null,
    cpuset: "0-1",
    offlineCpus: "",
    isolatedCpus: "",
    allowedCpuset: "0-1",
    allowedNodeset: "0",
    cpuKinds: [],
    isaFlags: [],
    limits: { cgroupVersion: null, cpuQuotaCpus: null, memoryBytes: null },
    cpuModel: "Example 9000",
    memoryBytes: 8 * 2 ** 30,
    operatingSystem: null,
    isVirtualMachine: false,
    root: "/",
    ...changes,
  };
}

/** The list `first-last`. */
const listOf = (first: number, count: number) => `${first}-${first + count - 1}`;

/** Four packages of 32 cores with two PUs each: 256 PUs, the second ones numbered from 128 on. */
export function fourPackages(): Topology {
  const ids = [0, 1, 2, 3];
  const cpusOf = (id: number) => `${listOf(id * 32, 32)},${listOf(128 + id * 32, 32)}`;
  const coreList = Array.from({ length: 128 }, (_, core) => `${core},${core + 128}`);
  return machineOf({
    packages: 4,
    packageList: ids.map((osIndex) => ({ osIndex, cpus: cpusOf(osIndex), model: "Example 9000" })),
    cores: 128,
    coreList,
    pus: 256,
    smtWidth: 2,
    numaNodes: ids.map((osIndex) => ({
      osIndex,
      cpus: cpusOf(osIndex),
      memoryBytes: 512 * 2 ** 30,
      availableBytes: null,
    })),
    caches: [
      { level: 2, type: "Unified", sizeBytes: 2 * 2 ** 20, sharedBy: 2, count: 128, cpusets: coreList },
      { level: 3, type: "Unified", sizeBytes: 60 * 2 ** 20, sharedBy: 64, count: 4, cpusets: ids.map(cpusOf) },
    ],
    cpuset: "0-255",
    allowedCpuset: "0-255",
    allowedNodeset: "0-3",
    memoryBytes: 2 ** 41,
  });
}
