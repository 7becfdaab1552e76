/** What the control group of the recorded process allows. */
export interface ContainerSpec {
  readonly version: 1 | 2;
  /** Whether the process sees the paths of the host, or its own group as the root. */
  readonly namespace: "host" | "private";
  readonly cpus: readonly number[];
  readonly nodes: readonly number[];
  readonly quotaCpus: number | null;
  readonly memoryBytes: number | null;
}

/** A regular machine, and what is taken away from it. */
export interface MachineSpec {
  readonly packagesCount: number;
  readonly nodesPerPackage: number;
  readonly cachesPerNode: number;
  readonly coresPerCache: number;
  readonly threadsPerCore: number;
  /** How CPUs are numbered: siblings side by side, all first siblings before the second, package by package in turn, anyhow. */
  readonly numbering: "adjacent" | "split" | "round-robin" | "scattered";
  /** Node numbers are multiples of this. */
  readonly nodeStride: number;
  /** Nodes with memory and without CPUs, numbered after the others. */
  readonly memoryOnlyNodesCount: number;
  /** Kernels before 5.3 have other names for the sibling files, and no dies. */
  readonly era: "old" | "new";
  readonly offline: readonly number[];
  readonly isolated: readonly number[];
  readonly container: ContainerSpec | null;
}

/** One PU and all it is part of. */
export interface Pu {
  readonly cpu: number;
  readonly coreIndex: number;
  readonly cacheIndex: number;
  readonly nodeIndex: number;
  readonly packageIndex: number;
}

/** A desktop with one of each. */
export const plainSpec: MachineSpec = {
  packagesCount: 1,
  nodesPerPackage: 1,
  cachesPerNode: 1,
  coresPerCache: 4,
  threadsPerCore: 2,
  numbering: "split",
  nodeStride: 1,
  memoryOnlyNodesCount: 0,
  era: "new",
  offline: [],
  isolated: [],
  container: null,
};

export const l1Bytes = 32 * 2 ** 10;
export const l3Bytes = 16 * 2 ** 20;
export const nodeBytes = 64 * 2 ** 30;
export const modelName = "Generated CPU";

function cpuNumberOf(
  spec: MachineSpec,
  { core, thread, cores }: { core: number; thread: number; cores: number },
): number {
  const { numbering, packagesCount, threadsPerCore } = spec;
  if (numbering === "adjacent") return core * threadsPerCore + thread;
  const perPackage = cores / packagesCount;
  if (numbering === "round-robin") {
    return thread * cores + (core % perPackage) * packagesCount + Math.floor(core / perPackage);
  }
  const split = thread * cores + core;
  const all = cores * threadsPerCore;
  // 127 shares no factor with counts below it, so this is a permutation.
  return numbering === "split" ? split : (split * 127 + 5) % all;
}

/** Every PU of the machine, offline ones too, in the order of the machine. */
export function pusOf(spec: MachineSpec): Pu[] {
  const { packagesCount, nodesPerPackage, cachesPerNode, coresPerCache, threadsPerCore } = spec;
  const cores = packagesCount * nodesPerPackage * cachesPerNode * coresPerCache;
  return Array.from({ length: cores * threadsPerCore }, (_, index) => {
    const coreIndex = Math.floor(index / threadsPerCore);
    const cacheIndex = Math.floor(coreIndex / coresPerCache);
    const nodeOrdinal = Math.floor(cacheIndex / cachesPerNode);
    return {
      cpu: cpuNumberOf(spec, { core: coreIndex, thread: index % threadsPerCore, cores }),
      coreIndex,
      cacheIndex,
      nodeIndex: nodeOrdinal * spec.nodeStride,
      packageIndex: Math.floor(nodeOrdinal / nodesPerPackage),
    };
  });
}

/** The numbers of all nodes, those without CPUs last. */
export function nodeIndexesOf(spec: MachineSpec): number[] {
  const count = spec.packagesCount * spec.nodesPerPackage + spec.memoryOnlyNodesCount;
  return Array.from({ length: count }, (_, ordinal) => ordinal * spec.nodeStride);
}

/** The distance between two nodes by their place among all: near in one package. */
export function distanceOf(spec: MachineSpec, from: number, to: number): number {
  if (from === to) return 10;
  const packageOf = (ordinal: number) => Math.floor(ordinal / spec.nodesPerPackage);
  return packageOf(from) === packageOf(to) ? 12 : 21;
}
