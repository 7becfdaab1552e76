import type { Topology } from "../../sdk/topology/index.ts";

/** A hand-written machine: 4 nodes of 2 cores of 2 PUs, siblings side by side; nodes 0 and 1 are one package. */
export const fourNodes: Topology = {
  architecture: "x86_64",
  packages: 2,
  packageList: [
    { osIndex: 0, cpus: "0-7", model: "Example CPU" },
    { osIndex: 1, cpus: "8-15", model: "Example CPU" },
  ],
  dies: 0,
  cores: 8,
  coreList: ["0-1", "2-3", "4-5", "6-7", "8-9", "10-11", "12-13", "14-15"],
  pus: 16,
  smtWidth: 2,
  numaNodes: [0, 1, 2, 3].map((osIndex) => ({
    osIndex,
    cpus: `${osIndex * 4}-${osIndex * 4 + 3}`,
    memoryBytes: 2 ** 30,
    availableBytes: 2 ** 29,
  })),
  memoryOnlyNodes: [],
  cpuOnlyNodes: [],
  caches: [],
  distances: {
    nodes: [0, 1, 2, 3],
    matrix: [
      [10, 12, 20, 22],
      [12, 10, 22, 20],
      [20, 22, 10, 12],
      [22, 20, 12, 10],
    ],
  },
  cpuset: "0-15",
  offlineCpus: "",
  isolatedCpus: "",
  allowedCpuset: "0-15",
  allowedNodeset: "0-3",
  cpuKinds: [],
  isaFlags: [],
  limits: { cgroupVersion: 2, cpuQuotaCpus: null, memoryBytes: null },
  cpuModel: "Example CPU",
  memoryBytes: 2 ** 32,
  operatingSystem: null,
  isVirtualMachine: false,
  root: "/nowhere",
};
