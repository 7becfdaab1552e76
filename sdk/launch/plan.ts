import type { Warning } from "../errors.ts";
import type { Topology } from "../topology/index.ts";
import { bindsCpus, type BindingWay } from "./bindingWay.ts";
import { assertMemoryFits } from "./capacity.ts";
import { type CpuChoice, planCpus } from "./cpus.ts";
import { LaunchError } from "./errors.ts";
import type { InstancesSpec } from "./instances.ts";
import { planMemory, type MemoryChoice } from "./memory.ts";
import { planInstances } from "./planInstances.ts";
import { warningsOf } from "./warnings.ts";

/** Where the memory of a process comes from: planned nodes only, planned nodes in turn, or wherever it is first touched. */
export type MemoryPolicy = "bind" | "interleave" | "first-touch";

/** What a caller may say about a launch; everything may be left out. */
export interface LaunchSpec {
  /** The CPUs, as a cpulist. Default: the topology's placement of the threads, on `nodeIndex` when that is given. */
  readonly cpus?: string;
  /** Default: one for each CPU of `cpus`, else for each allowed core; never more than the container's quota. */
  readonly threadsCount?: number;
  /** The NUMA node that the memory, and where `cpus` says nothing the CPUs, come from. */
  readonly nodeIndex?: number;
  /** Default: `bind`, or `interleave` where the CPUs span several nodes. */
  readonly memory?: MemoryPolicy;
  /** Default: numactl. Pass what `probeBindingWay` found. */
  readonly bindingWay?: BindingWay;
  /** What would permit more than that way, which the warnings then pass on: the advice of `probeBindingWay`. */
  readonly bindingAdvice?: string | null;
  /** Several instances, or one with more said about it; `cpus` are then those to choose from, and `threadsCount` is of each. */
  readonly instances?: InstancesSpec;
}

/** Where one process will run, with every choice made. */
export interface InstancePlan {
  readonly instanceIndex: number;
  /** The CPUs it may use, as a cpulist. */
  readonly cpus: string;
  /** The NUMA nodes its memory must come from, as a nodelist; null when memory falls where it is first touched. */
  readonly memoryNodes: string | null;
  readonly memoryPolicy: MemoryPolicy;
  /** Never above the CPUs of `cpus`, nor the floor of the container's quota. */
  readonly threadsCount: number;
  readonly bindingWay: BindingWay;
  /** The words that go before the command line, such as `numactl --all -C 0-3 -m 0`; empty when no command binds. */
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
  /** Anonymous memory by node index, in pages of 4 KiB. */
  readonly anonymousPagesByNode: Readonly<Record<string, number>>;
  /** What is in memory of large mapped files, likewise; absent when the process maps none. */
  readonly filePagesByNode?: Readonly<Record<string, number>>;
  /** How often the kernel has moved threads from one CPU to another since they started; null where it does not tell. */
  readonly threadMigrationsCount: number | null;
  /** Pages that the kernel has moved between nodes for these threads, by NUMA balancing; null where it does not tell. */
  readonly pageMigrationsCount: number | null;
  /** The share of anonymous pages on the planned nodes; null when nothing was planned or nothing could be read. */
  readonly localPagesRatio: number | null;
  /** What could not be read, and what follows from that; null when all was read. */
  readonly reason: string | null;
}

/**
 * Makes every choice of a launch explicit, from what this process is allowed to use.
 * @throws {LaunchError} `no-such-node`, `node-not-allowed`, `no-cpus`, `no-such-cpu`, `cpu-offline`, `cpu-isolated`,
 * `cpu-not-allowed`, `cpu-taken-twice`, `threads-out-of-range`, `cpus-out-of-range`, `instances-out-of-range`,
 * `no-such-instance`, `not-enough-memory`
 * @see https://man7.org/linux/man-pages/man8/numactl.8.html
 */
export function planLaunch(spec: LaunchSpec, topology: Topology): LaunchPlan {
  const { choices, droppedCount } =
    spec.instances === undefined
      ? { choices: [planCpus(spec, topology)], droppedCount: 0 }
      : planInstances(spec, topology);
  const all = choices.map((choice, instanceIndex) => instanceOf(choice, instanceIndex, { spec, topology }));
  const instances = selected(all, spec.instances?.indexes);
  const bytesEach = spec.instances?.bytesEach;
  if (bytesEach !== undefined) assertMemoryFits(instances, bytesEach, topology);
  return { instances, warnings: warningsOf(instances, { spec, choices, droppedCount, topology }) };
}

function instanceOf(
  choice: CpuChoice,
  instanceIndex: number,
  { spec, topology }: { spec: LaunchSpec; topology: Topology },
): InstancePlan {
  const { bindingWay = "numactl" } = spec;
  const memory = planMemory(choice.cpus, spec, topology);
  const prefix = prefixOf(bindingWay, choice.cpus, memory);
  const cpus = bindsCpus(bindingWay) ? choice.cpus : topology.allowedCpuset;
  return { instanceIndex, cpus, ...memory, threadsCount: choice.threadsCount, bindingWay, prefix };
}

function selected(instances: readonly InstancePlan[], indexes: readonly number[] | undefined): InstancePlan[] {
  const absent = indexes?.find((index) => instances[index] === undefined);
  if (absent === undefined) return instances.filter(({ instanceIndex }) => indexes?.includes(instanceIndex) ?? true);
  const message = `Instance ${absent} was asked for, and the plan has the instances 0 to ${instances.length - 1}. Pass indexes of these.`;
  throw new LaunchError("no-such-instance", message, { facts: { index: absent, count: instances.length } });
}

/** Never `-N`, which fails for nodes without memory; `--all` reaches isolated CPUs and those outside our own mask. */
function prefixOf(way: BindingWay, cpus: string, { memoryNodes, memoryPolicy }: MemoryChoice): string[] {
  if (way === "taskset") return ["taskset", "-c", cpus];
  if (way !== "numactl") return [];
  const memory = memoryNodes === null ? [] : [memoryPolicy === "interleave" ? "-i" : "-m", memoryNodes];
  return ["numactl", "--all", "-C", cpus, ...memory];
}
