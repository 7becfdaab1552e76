import type { Topology } from "./topology.ts";

/** What the kernel says without a table of the firmware's. */
const assumed = { own: 10, other: 20 } as const;

/** How far memory is by the firmware's account, in words; for one node, or without a table, that there is nothing to compare. */
export function formatDistances({ distances, numaNodes }: Pick<Topology, "distances" | "numaNodes">): string {
  if (numaNodes.length < 2)
    return "There is one NUMA node, so there is nothing to compare: all memory counts as equally far.";
  if (distances === null) {
    return `There are ${numaNodes.length} NUMA nodes, and the kernel tells no complete table of their distances.`;
  }
  const { matrix } = distances;
  const own = matrix[0]?.[0] ?? assumed.own;
  const others = matrix.flatMap((row, from) => row.filter((_, to) => to !== from));
  const [least, most] = [Math.min(...others), Math.max(...others)];
  if (least < most) {
    const ratio = Number((most / own).toFixed(2));
    return `A node's own memory is at ${own}, that of other nodes at ${least} to ${most}: firmware claims that the farthest takes ${ratio} times as long.`;
  }
  const doubt =
    own === assumed.own && least === assumed.other
      ? " The kernel says the same where firmware has no table, so this may be no claim at all."
      : "";
  return `A node's own memory is at ${own}, that of every other node at ${least}.${doubt}`;
}
