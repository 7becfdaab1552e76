import { formatCpuList, intersectCpus, type Topology } from "../topology/index.ts";
import { type CpuChoice, quotaOf } from "./cpus.ts";
import { LaunchError } from "./errors.ts";
import type { LaunchSpec } from "./plan.ts";
import { namedCpusOf, poolOf } from "./pool.ts";
import { evenlyOf, sharesOf } from "./shares.ts";
import { threadsOf } from "./threads.ts";

/** The CPUs and threads of all instances. */
export interface InstanceChoices {
  readonly choices: readonly CpuChoice[];
  /** Instances that gave way to the container's quota. */
  readonly droppedCount: number;
}

/**
 * Chooses the CPUs and threads of several instances: which cores may be used, how they are shared out, how many threads the
 * container's quota allows.
 * @throws {LaunchError} `no-such-node`, `node-not-allowed`, `no-cpus`, `no-such-cpu`, `cpu-offline`, `cpu-isolated`,
 * `cpu-not-allowed`, `cpu-taken-twice`, `instances-out-of-range`, `cpus-out-of-range`, `threads-out-of-range`
 */
export function planInstances(spec: LaunchSpec, topology: Topology): InstanceChoices {
  const { cpuLists, exceedQuota = false } = spec.instances ?? {};
  const lists = cpuLists === undefined ? chosenListsOf(spec, topology) : namedListsOf(cpuLists, spec, topology);
  const limit = exceedQuota || topology.limits.cpuQuotaCpus === null ? Infinity : quotaOf(topology);
  const kept = lists.length <= limit ? lists : withinQuotaOf(lists, limit, spec);
  const choices = threadsOf(kept, { threadsCount: spec.threadsCount, limit });
  return { choices, droppedCount: lists.length - kept.length };
}

function chosenListsOf(spec: LaunchSpec, topology: Topology): string[] {
  return sharesOf(poolOf(spec, topology), spec.instances ?? {}, topology).map(formatCpuList);
}

function namedListsOf(lists: readonly string[], spec: LaunchSpec, topology: Topology): string[] {
  const checked = lists.map((list) => namedCpusOf(list, spec, topology));
  if (checked.length === 0) {
    const message = "There is no list of CPUs, and one for each instance is needed. Pass at least one in cpuLists.";
    throw new LaunchError("instances-out-of-range", message);
  }
  for (const [index, list] of checked.entries()) {
    const other = checked.findIndex((earlier, at) => at < index && intersectCpus(earlier, list) !== "");
    if (other < 0) continue;
    const shared = intersectCpus(checked[other] ?? "", list);
    const message = `CPU ${shared} is in the lists of instance ${other} (${checked[other] ?? ""}) and of instance ${index} (${list}); each may be in one only. Take it out of one of them.`;
    throw new LaunchError("cpu-taken-twice", message, { facts: { cpus: shared, other, index } });
  }
  return checked;
}

/** A number of instances that was said is refused; one that follows from the machine is cut down. */
function withinQuotaOf(lists: readonly string[], limit: number, { instances = {} }: LaunchSpec): string[] {
  const { cpuLists, count, per = "machine" } = instances;
  const isSaid = cpuLists !== undefined || (count !== undefined && per === "machine");
  if (!isSaid) return evenlyOf(lists, limit);
  const message = `${lists.length} instances were asked for, and the container's quota is worth ${limit} threads, while each needs one. Ask for at most ${limit} instances, or pass exceedQuota.`;
  throw new LaunchError("instances-out-of-range", message, { facts: { count: lists.length, limit } });
}
