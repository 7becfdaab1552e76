import type { Warning } from "../errors.ts";

/** How a process is bound: the first of these that this machine permits. */
export type BindingWay = "numactl" | "taskset" | "cpuset" | "none";

/** Where one process will run, with every choice made. */
export interface InstancePlan {
  readonly instanceIndex: number;
  /** The CPUs it may use, as a cpulist. */
  readonly cpus: string;
  /** The NUMA nodes its memory must come from, as a nodelist; null when memory falls where it is first touched. */
  readonly memoryNodes: string | null;
  readonly memoryPolicy: "bind" | "interleave" | "first-touch";
  /** Never above the CPUs of `cpus`, nor the floor of the container's quota. */
  readonly threadsCount: number;
  readonly bindingWay: BindingWay;
  /** The words that go before the command line, such as `numactl --all -C 0-3 -m 0`; empty when nothing binds. */
  readonly prefix: readonly string[];
}

/** A launch with every choice made: what runs, and what is stored with the result. */
export interface LaunchPlan {
  readonly instances: readonly InstancePlan[];
  readonly warnings: readonly Warning[];
}

/** What was read back from /proc about one running process. */
export interface BindingReport {
  readonly state: "bound" | "partly" | "not" | "unverifiable";
  readonly plannedCpus: string;
  readonly plannedMemoryNodes: string | null;
  readonly threadsCount: number;
  /** Threads whose allowed CPUs go beyond the plan, with what they may use. */
  readonly strayThreads: readonly { readonly threadId: number; readonly name: string; readonly cpus: string }[];
  /** Anonymous pages a node, by node index. */
  readonly anonymousPagesByNode: Readonly<Record<string, number>>;
  /** The share of anonymous pages on the planned nodes; null when nothing was planned or nothing could be read. */
  readonly localPagesRatio: number | null;
  /** Why it could not be verified, else null. */
  readonly reason: string | null;
}
