import type { NodeAllocations } from "./nodeAllocations.ts";
import type { InstanceUsage, UsageSnapshot } from "./usage.ts";

/** What an instance used between two snapshots, and what it holds at the later one. */
export interface InstanceChange extends Omit<InstanceUsage, "cpuSeconds"> {
  /** The CPUs that were busy for it, on average; null for an instance that is new or gone, or of which a process was lost. */
  readonly busyCpusCount: number | null;
}

/** What happened between two snapshots. */
export interface UsageChange {
  readonly elapsedSeconds: number;
  readonly instances: readonly InstanceChange[];
  /** The allocations of this time alone. */
  readonly nodes: readonly NodeAllocations[];
}

/** The change from one snapshot to a later one, for the instances and nodes of the later one. */
export function usageBetween(before: UsageSnapshot, after: UsageSnapshot): UsageChange {
  const elapsedSeconds = after.monotonicSeconds - before.monotonicSeconds;
  const instances = after.instances.map(({ cpuSeconds, ...held }) => {
    const earlier = before.instances.find(({ processId }) => processId === held.processId);
    const usedSeconds = growthOf(earlier?.cpuSeconds, cpuSeconds);
    return {
      ...held,
      busyCpusCount: usedSeconds === null || elapsedSeconds <= 0 ? null : usedSeconds / elapsedSeconds,
    };
  });
  const nodes = after.nodes.map((node) => {
    const earlier = before.nodes.find(({ nodeIndex }) => nodeIndex === node.nodeIndex);
    return {
      nodeIndex: node.nodeIndex,
      hitsCount: growthOf(earlier?.hitsCount, node.hitsCount),
      missesCount: growthOf(earlier?.missesCount, node.missesCount),
      foreignCount: growthOf(earlier?.foreignCount, node.foreignCount),
    };
  });
  return { elapsedSeconds, instances, nodes };
}

/** How much a counter grew; null when an end is unknown, or when it fell and so lost a part. */
function growthOf(before: number | null | undefined, after: number | null): number | null {
  return before === null || before === undefined || after === null || after < before ? null : after - before;
}
