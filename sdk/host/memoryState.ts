import { availableBytesOf, type Topology } from "../topology/index.ts";
import { readText } from "./files.ts";

/** What a node can give to a new process. */
export interface NodeMemory {
  readonly nodeIndex: number;
  readonly totalBytes: number;
  /** Free, or in a cache of files that the kernel gives up for it. */
  readonly availableBytes: number;
}

/** What the kernel says of memory now; null where it does not. */
export interface MemoryState {
  readonly totalBytes: number | null;
  /** What a new process gets without swapping: MemAvailable. */
  readonly availableBytes: number | null;
  readonly swapBytes: number | null;
  /** Set aside for huge pages and unused: no model gets at it unless it asks for huge pages. */
  readonly idleHugePagesBytes: number | null;
  /** Share of the last ten seconds in which some process waited for memory. */
  readonly pressureRatio: number | null;
  readonly nodes: readonly NodeMemory[];
}

type Fields = ReadonlyMap<string, number>;

/** The figures of a meminfo file by name, in bytes where the kernel says kB. */
function parseMemoryFields(text: string): Fields {
  const lines = text.matchAll(/(?:^|\s)([A-Z][\w()]*):\s+(\d+)( kB)?$/gm);
  return new Map(
    [...lines].map(([, name = "", digits, unit]) => [name, Number(digits) * (unit === undefined ? 1 : 1024)]),
  );
}

function readNode(root: string, nodeIndex: number): NodeMemory[] {
  const { value: meminfo } = readText(root, `sys/devices/system/node/node${nodeIndex}/meminfo`);
  const totalBytes = parseMemoryFields(meminfo ?? "").get("MemTotal") ?? 0;
  return totalBytes === 0 ? [] : [{ nodeIndex, totalBytes, availableBytes: availableBytesOf(meminfo) ?? 0 }];
}

function pressureOf(text: string | null): number | null {
  const [, percent] = /^some avg10=([\d.]+)/m.exec(text ?? "") ?? [];
  return percent === undefined ? null : Number(percent) / 100;
}

/**
 * What the kernel says of memory now, in all and by node.
 * @see https://docs.kernel.org/filesystems/proc.html#meminfo and https://docs.kernel.org/accounting/psi.html
 */
export function readMemoryState(root: string, { numaNodes }: Pick<Topology, "numaNodes">): MemoryState {
  const fields = parseMemoryFields(readText(root, "proc/meminfo").value ?? "");
  const pages = fields.get("HugePages_Free");
  const pageBytes = fields.get("Hugepagesize");
  return {
    totalBytes: fields.get("MemTotal") ?? null,
    availableBytes: fields.get("MemAvailable") ?? null,
    swapBytes: fields.get("SwapTotal") ?? null,
    idleHugePagesBytes: pages === undefined || pageBytes === undefined ? null : pages * pageBytes,
    pressureRatio: pressureOf(readText(root, "proc/pressure/memory").value),
    nodes: numaNodes.flatMap(({ osIndex }) => readNode(root, osIndex)),
  };
}
