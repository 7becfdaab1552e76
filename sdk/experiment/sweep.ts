import type { ThreadPlacement } from "../inference/index.ts";
import { type InstancePlan, planLaunch, type BindingWay } from "../launch/index.ts";
import { formatCpuList, parseCpuList, placementOf, threadCountsOf, type Topology } from "../topology/index.ts";

/** Thread counts that share one binding: one engine process serves them all. */
export interface Placement {
  readonly instance: InstancePlan;
  readonly threads: readonly ThreadPlacement[];
}

/** What a sweep over thread counts may be told; everything may be left out. */
export interface SweepSpec {
  /** Default: at most 12 counts that the topology suggests. */
  readonly threadCounts?: readonly number[];
  /** The CPUs that all thread counts may use; default: those that suit each count. */
  readonly cpus?: string;
  readonly bindingWay?: BindingWay;
}

/**
 * Groups thread counts by the memory they should use: counts that fit on one NUMA node take that node's memory, wider
 * ones interleave over the nodes they span.
 * @throws {LaunchError} when a thread count exceeds what this process is allowed
 */
export function planPlacements(spec: SweepSpec, topology: Topology): Placement[] {
  const counts = spec.threadCounts ?? threadCountsOf(topology);
  const groups = new Map<string, ThreadPlacement[]>();
  for (const threadsCount of counts) {
    const { cpus, nodes } =
      spec.cpus === undefined ? placementOf(topology, threadsCount) : { cpus: spec.cpus, nodes: "" };
    groups.set(nodes, [...(groups.get(nodes) ?? []), { threadsCount, cpus }]);
  }
  return [...groups.values()].map((threads) => {
    const cpus = formatCpuList([...new Set(threads.flatMap((placement) => parseCpuList(placement.cpus ?? "")))]);
    const threadsCount = Math.max(...threads.map((placement) => placement.threadsCount));
    const plan = planLaunch(
      { cpus, threadsCount, ...(spec.bindingWay === undefined ? {} : { bindingWay: spec.bindingWay }) },
      topology,
    );
    const instance = plan.instances[0];
    if (instance === undefined) throw new TypeError("a launch plan has at least one instance");
    return { instance, threads };
  });
}
