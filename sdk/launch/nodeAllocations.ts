import { join } from "node:path";
import { namesIn, textOf } from "./kernelFiles.ts";

/** How often memory was taken from a NUMA node, by all of the machine; null where the kernel does not count it. */
export interface NodeAllocations {
  readonly nodeIndex: number;
  /** Meant for this node, and taken from it. */
  readonly hitsCount: number | null;
  /** Meant for another node, and taken from this one. */
  readonly missesCount: number | null;
  /** Meant for this node, and taken from another one. */
  readonly foreignCount: number | null;
}

/**
 * The counts in the text of /sys/devices/system/node/nodeN/numastat. A kernel that was told not to count shows zeros.
 * @see https://docs.kernel.org/admin-guide/numastat.html
 */
export function parseNodeAllocations(numastat: string): Omit<NodeAllocations, "nodeIndex"> {
  const isCounted = /^numa_\w+ 0*[1-9]/m.test(numastat);
  const countOf = (name: string): number | null => {
    const digits = new RegExp(`^${name} (\\d+)$`, "m").exec(numastat)?.[1];
    return isCounted && digits !== undefined ? Number(digits) : null;
  };
  return {
    hitsCount: countOf("numa_hit"),
    missesCount: countOf("numa_miss"),
    foreignCount: countOf("numa_foreign"),
  };
}

/** The counts of every node of the machine below `root`, in order; none where it tells of no nodes. */
export function readNodeAllocations(root: string): NodeAllocations[] {
  const folder = join(root, "sys/devices/system/node");
  return namesIn(folder)
    .filter((name) => /^node\d+$/.test(name))
    .map((name) => ({
      nodeIndex: Number(name.slice("node".length)),
      ...parseNodeAllocations(textOf(join(folder, name, "numastat")) ?? ""),
    }))
    .sort((one, other) => one.nodeIndex - other.nodeIndex);
}
