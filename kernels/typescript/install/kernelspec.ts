import { kernelArgv } from "../argv.ts";
import { intersectCpus, parseCpuList, type Topology } from "../../../sdk/topology/index.ts";

/** The content of a kernel.json. */
export interface KernelspecFile {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: "typescript";
  readonly interrupt_mode: "message" | "signal";
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A kernel as Jupyter knows it: a name and a kernel.json. */
export interface Kernelspec {
  readonly name: string;
  readonly file: KernelspecFile;
}

/** The programs that kernelspecs start, by absolute paths. */
export interface KernelPrograms {
  readonly node: string;
  readonly main: string;
  /** Null where tslab is not installed. */
  readonly tslab: string | null;
}

/** What tells the kernelspecs that this package wrote from all others. */
const ownMark = { installedBy: "numalab" };

/** Whether this package wrote that kernel.json. */
export function isOwn(file: Partial<KernelspecFile>): boolean {
  return file.metadata?.["installedBy"] === ownMark.installedBy;
}

/** The NUMA nodes on which this process may use both CPUs and memory. */
function completeNodesOf({ numaNodes, allowedCpuset, allowedNodeset, cpuOnlyNodes }: Topology): number[] {
  const allowed = parseCpuList(allowedNodeset);
  return numaNodes
    .filter(({ cpus }) => intersectCpus(cpus, allowedCpuset) !== "")
    .map(({ osIndex }) => osIndex)
    .filter((node) => allowed.includes(node) && !cpuOnlyNodes.includes(node))
    .sort((a, b) => a - b);
}

function ownKernelspec(programs: KernelPrograms, nodeIndex: number | null): Kernelspec {
  const isBound = nodeIndex !== null;
  const file: KernelspecFile = {
    argv: [...kernelArgv(programs), ...(isBound ? ["--node", String(nodeIndex)] : [])],
    display_name: isBound ? `TypeScript (numalab, node ${nodeIndex})` : "TypeScript (numalab)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: ownMark,
  };
  return { name: isBound ? `numalab-node${nodeIndex}` : "numalab", file };
}

/** tslab's own installer names a bare `tslab`, which a local install does not put on the PATH. */
function tslabKernelspec(node: string, tslab: string): Kernelspec {
  const file: KernelspecFile = {
    argv: [node, tslab, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript (tslab)",
    language: "typescript",
    interrupt_mode: "signal",
    metadata: ownMark,
  };
  return { name: "tslab", file };
}

/**
 * The kernelspecs for a machine: our kernel unbound, then bound to each NUMA node where there are several with CPUs
 * and memory of their own, then tslab where it is there. Without a topology nothing is bound.
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
 */
export function kernelspecsOf(programs: KernelPrograms, topology: Topology | null): Kernelspec[] {
  const nodes = topology === null ? [] : completeNodesOf(topology);
  const bound = nodes.length > 1 ? nodes.map((nodeIndex) => ownKernelspec(programs, nodeIndex)) : [];
  const { node, tslab } = programs;
  return [ownKernelspec(programs, null), ...bound, ...(tslab === null ? [] : [tslabKernelspec(node, tslab)])];
}
