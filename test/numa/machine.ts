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
  /** The shape of its processors, in QEMU's words. */
  readonly processors: string;
  readonly nodes: readonly NodeSpec[];
  /** Distances from each node to each node; 10 and 20 when left out. */
  readonly distances?: readonly (readonly number[])[];
  /** Default: all that the emulator has, as an Intel processor; as another one it shows no SMT. */
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

/** The words of QEMU that make the machine. It never uses KVM: an emulated machine is the same on every host. */
export function machineOptions(spec: MachineSpec): string[] {
  const isStated = spec.nodes.some(({ stated }) => stated !== undefined);
  const mebibytes = spec.nodes.reduce((sum, node) => sum + node.mebibytes, 0);
  return [
    ...[
      "-accel",
      "tcg,thread=multi",
      "-machine",
      `q35,hmat=${isStated ? "on" : "off"}`,
      "-cpu",
      spec.processor ?? "max,vendor=GenuineIntel",
    ],
    ...["-smp", spec.processors, "-m", `${mebibytes}M`],
    ...spec.nodes.flatMap(nodeOptions),
    ...distanceOptions(spec.distances),
    ...spec.nodes.flatMap(statedOptions),
  ];
}
