import { formatCpuList } from "./cpuList.ts";
import { listNumbered, openTree, readInteger } from "./tree.ts";
import type { MachineTree } from "./tree.ts";
import type { CpuList, Topology } from "./topology.ts";

/** What firmware states of a node's memory (ACPI HMAT), as the nodes nearest to it reach it: a claim, no measurement. */
export interface MemoryClaim {
  readonly nodeIndex: number;
  /** The nodes from which the figures hold, as a nodelist. */
  readonly fromNodes: CpuList | null;
  readonly readBandwidthBytesPerSecond: number | null;
  readonly writeBandwidthBytesPerSecond: number | null;
  readonly readLatencySeconds: number | null;
  readonly writeLatencySeconds: number | null;
  /** Why there is no figure at all; null where there is one. */
  readonly reason: string | null;
}

const mebibyte = 2 ** 20;
const nanosecond = 1e-9;

/** From CPUs, where firmware tells them apart from other devices that reach memory; else from whatever is nearest. */
const accessClasses = ["access1", "access0"];

/** A figure in base units; the kernel writes 0 where firmware states none. */
function readFigure(tree: MachineTree, path: string, factor: number): number | null {
  const value = readInteger(tree, path) ?? 0;
  return value > 0 ? value * factor : null;
}

function readClaim(tree: MachineTree, nodeIndex: number): MemoryClaim {
  const node = `sys/devices/system/node/node${nodeIndex}`;
  const folders = accessClasses.map((access) => `${node}/${access}/initiators`);
  const folder = folders.find((each) => tree.has(`${each}/read_bandwidth`)) ?? `${node}/access0/initiators`;
  const figures = {
    readBandwidthBytesPerSecond: readFigure(tree, `${folder}/read_bandwidth`, mebibyte),
    writeBandwidthBytesPerSecond: readFigure(tree, `${folder}/write_bandwidth`, mebibyte),
    readLatencySeconds: readFigure(tree, `${folder}/read_latency`, nanosecond),
    writeLatencySeconds: readFigure(tree, `${folder}/write_latency`, nanosecond),
  };
  const isSilent = Object.values(figures).every((figure) => figure === null);
  const reason = isSilent ? "firmware states neither bandwidth nor latency (no HMAT)" : null;
  const fromNodes = isSilent ? null : formatCpuList(listNumbered(tree, folder, "node"));
  return { nodeIndex, fromNodes, ...figures, reason };
}

/**
 * What firmware states of the bandwidth and the latency of each node's memory, one entry a node; where it states nothing, why.
 * @see https://docs.kernel.org/admin-guide/mm/numaperf.html
 */
export function readMemoryClaims({ numaNodes, root }: Pick<Topology, "numaNodes" | "root">): MemoryClaim[] {
  const tree = openTree(root);
  return numaNodes.map(({ osIndex }) => readClaim(tree, osIndex));
}
