import { readMemoryClaims, type Topology } from "../topology/index.ts";
import type { NodeBandwidths } from "./instances.ts";

/** The read bandwidth of each NUMA node from what is nearest to it, in bytes a second, where firmware states it (ACPI HMAT). */
export function readNodeBandwidths(topology: Topology): NodeBandwidths {
  const stated = readMemoryClaims(topology).flatMap(({ nodeIndex, readBandwidthBytesPerSecond: rate }) =>
    rate === null ? [] : [[nodeIndex, rate] as const],
  );
  return Object.fromEntries(stated);
}
