/** What a number of instances is counted in. */
export type InstanceScope = "machine" | "package" | "node" | "cache";

/** What a caller may say about several instances; everything may be left out. */
export interface InstancesSpec {
  /** How many in each `per`. Default: as many as `cpusEach` leaves room for, else one. */
  readonly count?: number;
  /** Default: the machine. A `cache` is one of the last level, as far as it lies on one node. */
  readonly per?: InstanceScope;
  /**
   * The CPUs of each: a number of them, or all there are, shared out: with `all` the first instances take what is left over,
   * with `equal` that stays idle. Default `all`.
   */
  readonly cpusEach?: number | "all" | "equal";
  /** The CPUs of each instance, said one by one; no two may share a CPU. */
  readonly cpuLists?: readonly string[];
  /** The NUMA nodes whose CPUs may be used, as a nodelist. */
  readonly nodes?: string;
  /** CPUs that no instance may have, as a cpulist. */
  readonly reservedCpus?: string;
  /** Take all SMT siblings of a core, not one of them. An instance never shares a core with another one. */
  readonly useSiblings?: boolean;
  /** Take efficiency cores too; without it a node that has performance cores gives only these. */
  readonly useEfficiencyCores?: boolean;
  /** Accept isolated CPUs where they are named. */
  readonly useIsolatedCpus?: boolean;
  /** Let one instance have CPUs of several nodes. */
  readonly acrossNodes?: boolean;
  /** Where fewer CPUs are asked for than there are: spread over the nodes, or filled up one after the other. Default `scatter`. */
  readonly strategy?: "scatter" | "close";
  /** Nodes that memory may come from, as a nodelist, also such without CPUs; each instance gets the nearest. */
  readonly memoryNodes?: string;
  /** Take the memory with the highest bandwidth, which may lie on a node without CPUs, and not the nearest. */
  readonly bandwidthFirst?: boolean;
  /** What `readNodeBandwidths` found; without it, nodes without CPUs are taken to be the fast ones. */
  readonly nodeBandwidths?: NodeBandwidths;
  /** Memory that each instance will need: weights, context and the program itself. */
  readonly bytesEach?: number;
  /** Plan more threads than the container's quota of CPU time is worth. */
  readonly exceedQuota?: boolean;
  /** Keep these instances only, by their index. */
  readonly indexes?: readonly number[];
}

/** Read bandwidth by node index, in bytes a second, as firmware states it. */
export type NodeBandwidths = Readonly<Record<number, number>>;
