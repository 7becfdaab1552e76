import { parseCpuList, type Topology } from "../topology/index.ts";
import { formatQuantity } from "../units/index.ts";
import { LaunchError } from "./errors.ts";
import { nodesNear } from "./nodes.ts";
import type { InstancePlan } from "./plan.ts";

/**
 * Makes sure that so much memory for each instance is free on the nodes it will come from, and that the container allows
 * all of it together. A node whose free memory is not known is believed.
 * @throws {LaunchError} `not-enough-memory` with what fits
 */
export function assertMemoryFits(instances: readonly InstancePlan[], bytesEach: number, topology: Topology): void {
  const users = instances.map((instance) => memoryNodesOfInstance(instance, topology));
  for (const { osIndex, freeBytes } of topology.numaNodes) {
    const shares = users.filter((nodes) => nodes.includes(osIndex)).map((nodes) => 1 / nodes.length);
    if (freeBytes !== null) assertFits(`NUMA node ${osIndex} has`, shares, { bytesEach, freeBytes });
  }
  const { memoryBytes } = topology.limits;
  if (memoryBytes === null) return;
  assertFits(
    "The container allows",
    users.map(() => 1),
    { bytesEach, freeBytes: memoryBytes },
  );
}

function memoryNodesOfInstance({ memoryNodes, cpus }: InstancePlan, topology: Topology): number[] {
  return memoryNodes === null ? nodesNear(cpus, topology) : parseCpuList(memoryNodes);
}

function assertFits(
  who: string,
  shares: readonly number[],
  { bytesEach, freeBytes }: { bytesEach: number; freeBytes: number },
): void {
  const sharesCount = shares.reduce((sum, share) => sum + share, 0);
  const neededBytes = sharesCount * bytesEach;
  if (neededBytes <= freeBytes) return;
  const fittingCount = Math.floor((freeBytes / neededBytes) * shares.length);
  const [free, needed, each, most] = [freeBytes, neededBytes, bytesEach, freeBytes / sharesCount].map((bytes) =>
    formatQuantity(bytes, "memoryBytes"),
  );
  const message = `${who} ${String(free)} free, and ${shares.length} instances of ${String(each)} need ${String(needed)} of it. What fits: ${fittingCount} of them, or up to ${String(most)} each.`;
  throw new LaunchError("not-enough-memory", message, { facts: { freeBytes, neededBytes, bytesEach, fittingCount } });
}
