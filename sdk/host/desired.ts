import type { CpuList } from "../topology/index.ts";

/** Which devices' interrupts go where. */
export interface DesiredInterrupts {
  /** Names as `eth0`, `nvme0` or a PCI address of a GPU; `all` for every one. */
  readonly devices: "all" | readonly string[];
  /** CPUs that are to take them: all unless told; `own-node` for those of each device's own NUMA node. */
  readonly cpus?: CpuList | undefined;
  /** CPUs that are to be spared, as the ones that are measured. */
  readonly awayFrom?: CpuList | undefined;
}

/** How chosen network interfaces ought to be set. */
export interface DesiredNetwork {
  /** Names as `eth0`; `all` for every one on a bus. */
  readonly interfaces: "all" | readonly string[];
  /** Of each kind that the driver has. */
  readonly queuesCount?: number | undefined;
  /** Packets joined by the interface itself. */
  readonly lro?: "on" | "off" | undefined;
  /** Packets joined by the kernel. */
  readonly gro?: "on" | "off" | undefined;
}

/** How a host ought to be set. What is left out stays as it is. */
export interface DesiredSettings {
  readonly swappiness?: number | undefined;
  readonly numaBalancing?: number | undefined;
  readonly zoneReclaimMode?: number | undefined;
  /** Of memory: vm.dirty_ratio. */
  readonly dirtyPercent?: number | undefined;
  /** Of memory: vm.dirty_background_ratio. */
  readonly dirtyBackgroundPercent?: number | undefined;
  readonly transparentHugePages?: "always" | "madvise" | "never" | undefined;
  readonly transparentHugePagesDefrag?: "always" | "defer" | "defer+madvise" | "madvise" | "never" | undefined;
  readonly energyPreference?: string | undefined;
  readonly governor?: string | undefined;
  readonly turbo?: "on" | "off" | undefined;
  readonly smt?: "on" | "off" | undefined;
  readonly irqbalance?: "running" | "stopped" | undefined;
  readonly interrupts?: DesiredInterrupts | undefined;
  readonly network?: DesiredNetwork | undefined;
  readonly isolatedCpus?: CpuList | undefined;
  readonly nohzFullCpus?: CpuList | undefined;
}

/** A purpose that a host can be set for as a whole. */
export type TuningPreset = "latency" | "throughput" | "measurement";

const common = {
  numaBalancing: 0,
  zoneReclaimMode: 0,
  transparentHugePagesDefrag: "defer+madvise",
  energyPreference: "performance",
  governor: "performance",
} as const;

/** What each purpose wants. */
export const tuningPresets: Readonly<Record<TuningPreset, DesiredSettings>> = {
  latency: { ...common, swappiness: 1, transparentHugePages: "madvise", turbo: "on" },
  throughput: {
    ...common,
    swappiness: 10,
    transparentHugePages: "always",
    turbo: "on",
    interrupts: { devices: "all", cpus: "own-node" },
  },
  measurement: { ...common, swappiness: 1, transparentHugePages: "always", turbo: "off", irqbalance: "stopped" },
};
