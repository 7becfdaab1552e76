/** What this machine is: packages, NUMA nodes, cores, caches, and what its container allows. */
export type * from "./topology.ts";
export { TopologyError } from "./errors.ts";
export type { TopologyErrorCode } from "./errors.ts";
export { countCpus, formatCpuList, intersectCpus, parseCpuList, parseCpuMask, subtractCpus } from "./cpuList.ts";
export { probeTopology } from "./probe.ts";
export type { ProbeSpec } from "./probe.ts";
export { allowedCoresOf, placementOf, threadCountsOf } from "./placement.ts";
export type { Placement } from "./placement.ts";
export { coresOf, nodeOfCpu, usableCpusOf } from "./cores.ts";
export { allowancesOf } from "./allowance.ts";
export type { Allowance } from "./allowance.ts";
export { formatDistances } from "./distances.ts";
export { readMemoryClaims } from "./memoryClaims.ts";
export type { MemoryClaim } from "./memoryClaims.ts";
export { formatTopology } from "./format.ts";
export { topologyDigest } from "./digest.ts";
export { readSystemInformation } from "./systemInformation.ts";
export type { SystemInformation } from "./systemInformation.ts";
