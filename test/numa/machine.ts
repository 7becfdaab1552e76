import type { GuestImage } from "./image/image.ts";

/** A NUMA node of an emulated machine. */
export interface NodeSpec {
  /** As a range of CPU numbers; a node without has memory only. */
  readonly cpus?: string;
  /** 0 for a node that has CPUs only. */
  readonly mebibytes: number;
  /** What is stated of its memory. */
  readonly stated?: { readonly fromNode: number; readonly nanoseconds: number; readonly gigabytesPerSecond: number };
}

/** An emulated machine and what runs in it. */
export interface MachineSpec {
  readonly name: string;
  /** A file of guest/scenarios. */
  readonly scenario: string;
  /** Default x64. */
  readonly architecture?: "x64" | "arm64";
  /** The shape of its processors, in QEMU's words. */
  readonly processors: string;
  readonly nodes: readonly NodeSpec[];
  /** Distances from each node to each node; 10 and 20 when left out. */
  readonly distances?: readonly (readonly number[])[];
  /** Default: all that the emulator has, as an Intel processor, because as another one it shows no SMT; on arm64 one of a server. */
  readonly processor?: string;
  readonly kernelWords?: string;
}

function nodeOptions({ cpus, mebibytes, stated }: NodeSpec, index: number): string[] {
  const node = [
    `node,nodeid=${index}`,
    ...(cpus === undefined ? [] : [`cpus=${cpus}`]),
    ...(mebibytes === 0 ? [] : [`memdev=memory${index}`]),
    ...(stated === undefined ? [] : [`initiator=${stated.fromNode}`]),
  ];
  const memory = mebibytes === 0 ? [] : ["-object", `memory-backend-ram,id=memory${index},size=${mebibytes}M`];
  return [...memory, "-numa", node.join(",")];
}

/** What firmware states of memory: ACPI's HMAT. */
function statedOptions({ stated }: NodeSpec, index: number): string[] {
  if (stated === undefined) return [];
  const pair = `hmat-lb,initiator=${stated.fromNode},target=${index},hierarchy=memory`;
  const latency = `${pair},data-type=access-latency,latency=${stated.nanoseconds}`;
  const bandwidth = `${pair},data-type=access-bandwidth,bandwidth=${stated.gigabytesPerSecond}G`;
  return ["-numa", latency, "-numa", bandwidth];
}

function distanceOptions(distances: MachineSpec["distances"] = []): string[] {
  return distances.flatMap((row, from) =>
    row.flatMap((distance, to) => (from === to ? [] : ["-numa", `dist,src=${from},dst=${to},val=${distance}`])),
  );
}

/** A clock that runs late on a busy host is no fault, and nobody attacks the guest. */
const kernelWords = ["quiet", "panic=-1", "no_timer_check", "tsc=reliable", "nowatchdog", "mitigations=off"];

const boards = {
  x64: { program: "qemu-system-x86_64", console: "ttyS0", board: "q35", processor: "max,vendor=GenuineIntel" },
  arm64: { program: "qemu-system-aarch64", console: "ttyAMA0", board: "virt,gic-version=3", processor: "neoverse-n1" },
} as const;

/**
 * The command that starts the machine with an image, and ends when it powers off. It never uses KVM: an emulated machine
 * is the same on every host.
 */
export function machineCommand(
  spec: MachineSpec,
  { kernel, archive }: GuestImage,
): [program: string, ...args: string[]] {
  const { program, console, board, processor } = boards[spec.architecture ?? "x64"];
  const isStated = spec.nodes.some(({ stated }) => stated !== undefined);
  const mebibytes = spec.nodes.reduce((sum, node) => sum + node.mebibytes, 0);
  const words = [`console=${console}`, ...kernelWords, `scenario=${spec.scenario}`, spec.kernelWords ?? ""];
  return [
    program,
    ...["-accel", "tcg,thread=multi", "-machine", isStated ? `${board},hmat=on` : board],
    ...["-cpu", spec.processor ?? processor, "-smp", spec.processors, "-m", `${mebibytes}M`],
    ...spec.nodes.flatMap(nodeOptions),
    ...distanceOptions(spec.distances),
    ...spec.nodes.flatMap(statedOptions),
    ...["-display", "none", "-nodefaults", "-no-reboot", "-serial", "stdio"],
    ...["-kernel", kernel, "-initrd", archive, "-append", words.join(" ")],
  ];
}
