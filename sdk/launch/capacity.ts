import { parseCpuList, type Topology } from "../topology/index.ts";
import { formatQuantity } from "../units/index.ts";
import { LaunchError } from "./errors.ts";
import { nodesNear } from "./nodes.ts";
import type { InstancePlan } from "./plan.ts";

/**
 * Makes sure that so much memory for each instance can be had on the nodes it will come from, and that the container allows
 * all of it together. A node whose memory is not known is believed.
 * @throws {LaunchError} `not-enough-memory` with what fits
 */
export function assertMemoryFits(instances: readonly InstancePlan[], bytesEach: number, topology: Topology): void {
  const users = instances.map((instance) => memoryNodesOfInstance(instance, topology));
  for (const { osIndex, availableBytes } of topology.numaNodes) {
    const shares = users.filter((nodes) => nodes.includes(osIndex)).map((nodes) => 1 / nodes.length);
    if (availableBytes !== null) assertFits(`NUMA node ${osIndex} has`, shares, { bytesEach, availableBytes });
  }
  const { memoryBytes } = topology.limits;
  if (memoryBytes === null) return;
  assertFits(
    "The container allows",
    users.map(() => 1),
    { bytesEach, availableBytes: memoryBytes },
  );
}

function memoryNodesOfInstance({ memoryNodes, cpus }: InstancePlan, topology: Topology): number[] {
  return memoryNodes === null ? nodesNear(cpus, topology) : parseCpuList(memoryNodes);
}

function assertFits(
  who: string,
  shares: readonly number[],
  { bytesEach, availableBytes }: { bytesEach: number; availableBytes: number },
): void {
  const sharesCount = shares.reduce((sum, share) => sum + share, 0);
  const neededBytes = sharesCount * bytesEach;
  if (neededBytes <= availableBytes) return;
  const fittingCount = Math.floor((availableBytes / neededBytes) * shares.length);
  const [available, needed, each, most] = [availableBytes, neededBytes, bytesEach, availableBytes / sharesCount].map(
    (bytes) => formatQuantity(bytes, "memoryBytes"),
  );
  const message = `${who} ${String(available)} available, and ${shares.length} instances of ${String(each)} need ${String(needed)} of it. What fits: ${fittingCount} of them, or up to ${String(most)} each.`;
  throw new LaunchError("not-enough-memory", message, {
    facts: { availableBytes, neededBytes, bytesEach, fittingCount },
  });
}
