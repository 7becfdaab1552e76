/** A list of CPUs or nodes in the kernel's own notation: `0-3,8`; empty when there are none. */
export type CpuList = string;

/** One processor package (socket). */
export interface PackageInfo {
  /** The number that firmware gave it, or null where it gave none. */
  readonly osIndex: number | null;
  readonly cpus: CpuList;
  /** The name in /proc/cpuinfo, or null where the kernel gives none. */
  readonly model: string | null;
}

/** One NUMA node. `cpus` is the node's own cpulist: empty for a node that holds memory only. */
export interface NumaNode {
  readonly osIndex: number;
  readonly cpus: CpuList;
  readonly memoryBytes: number | null;
  /** Free memory and what the kernel gives up for a new process, such as cached files, when probed; it drifts. */
  readonly availableBytes: number | null;
}

/** All caches of one level, type and size. */
export interface CacheKind {
  readonly level: number;
  readonly type: "Data" | "Instruction" | "Unified";
  readonly sizeBytes: number | null;
  /** PUs behind one instance. */
  readonly sharedBy: number;
  /** Instances on this machine. */
  readonly count: number;
  readonly cpusets: readonly CpuList[];
}

/** Relative memory distances (ACPI SLIT): `matrix[i][j]` from `nodes[i]` to `nodes[j]`, 10 is local. */
export interface NodeDistances {
  readonly nodes: readonly number[];
  readonly matrix: readonly (readonly number[])[];
}

/** What the control groups of this process allow; null where nothing limits it. */
export interface ContainerLimits {
  readonly cgroupVersion: 1 | 2 | null;
  /** CPU seconds a second: the smallest cpu.max of all ancestors. A time quota, not a number of CPUs. */
  readonly cpuQuotaCpus: number | null;
  /** The smallest memory.max of all ancestors. */
  readonly memoryBytes: number | null;
}

/** CPUs of one kind on a machine that mixes kinds (P and E cores, big.LITTLE). */
export interface CpuKind {
  readonly kind: "performance" | "efficiency";
  readonly cpus: CpuList;
}

/**
 * What a machine is. The value and the JSON of `numalab probe --json` are the same thing.
 * Words: a PU is the smallest schedulable unit, a core holds one or more PUs, a package is a socket.
 */
export interface Topology {
  /** As `uname -m` says it; null where a recorded machine does not show it. */
  readonly architecture: string | null;
  readonly packages: number;
  readonly packageList: readonly PackageInfo[];
  /** Dies that are less than a package: 0 where each package is one die. */
  readonly dies: number;
  readonly cores: number;
  /**
   * One list of SMT siblings a physical core, in the order of the machine: cores of one package, node and cache stand together.
   * Empty where the kernel tells no cores.
   */
  readonly coreList: readonly CpuList[];
  readonly pus: number;
  /** The most PUs that one core has; null where the kernel tells no cores. */
  readonly smtWidth: number | null;
  readonly numaNodes: readonly NumaNode[];
  readonly memoryOnlyNodes: readonly number[];
  readonly cpuOnlyNodes: readonly number[];
  readonly caches: readonly CacheKind[];
  readonly distances: NodeDistances | null;
  /** CPUs that are online. */
  readonly cpuset: CpuList;
  readonly offlineCpus: CpuList;
  /** CPUs taken from the scheduler by isolcpus. */
  readonly isolatedCpus: CpuList;
  /** What this process may use. */
  readonly allowedCpuset: CpuList;
  readonly allowedNodeset: CpuList;
  readonly cpuKinds: readonly CpuKind[];
  /** Instruction set flags common to all CPUs, as the kernel spells them. */
  readonly isaFlags: readonly string[];
  readonly limits: ContainerLimits;
  readonly cpuModel: string | null;
  readonly memoryBytes: number | null;
  /** Name and version of the operating system; null for a recorded machine. */
  readonly operatingSystem: string | null;
  /** The hypervisor bit of the CPU flags: figures of a virtual machine need care. */
  readonly isVirtualMachine: boolean;
  /** Where the tree was read: "/" for this machine. */
  readonly root: string;
}
