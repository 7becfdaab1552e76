/** Counters and settings of the host at one moment. Counters only grow; null where this host has none. */
export interface EnvironmentSnapshot {
  readonly takenAt: string;
  /** Seconds of a clock that only grows. */
  readonly monotonicSeconds: number;
  readonly onlineCpusCount: number | null;
  /** CPU seconds that all CPUs together have worked since boot. */
  readonly busyCpuSeconds: number | null;
  /** CPU seconds that a hypervisor kept from this guest since boot. */
  readonly stealCpuSeconds: number | null;
  /** CPU seconds of the processes that were asked about, and of their children that have ended. */
  readonly ownCpuSeconds: number | null;
  /** Seconds in which some task waited for a CPU (PSI). */
  readonly cpuPressureSeconds: number | null;
  /** Seconds in which some task waited for memory (PSI). */
  readonly memoryPressureSeconds: number | null;
  /** Quota throttling of this control group, summed over CPUs. */
  readonly throttledSeconds: number | null;
  readonly throttledPeriodsCount: number | null;
  /** The frequency governor of all CPUs; several are joined by commas. */
  readonly governor: string | null;
  readonly transparentHugePages: string | null;
  readonly numaBalancing: string | null;
  /** The kernel's own number, 0 to 200. */
  readonly swappiness: number | null;
  /** Mean number of runnable tasks over the last minute. */
  readonly loadAverage: number | null;
}

/** What happened between two snapshots. Ratios are shares of the elapsed time, or of all CPUs' time where it says so. */
export interface EnvironmentChange {
  readonly elapsedSeconds: number;
  /** Share of all CPUs' time that a hypervisor kept from this guest. */
  readonly stealRatio: number | null;
  /** Share of all CPUs' time that processes other than ours took. */
  readonly foreignCpuRatio: number | null;
  /** Share of the time in which some task waited for a CPU. */
  readonly cpuPressureRatio: number | null;
  /** Share of the time in which the CPU quota held this control group back; 1 also when it held several CPUs back. */
  readonly throttledRatio: number | null;
  readonly governor: string | null;
  readonly transparentHugePages: string | null;
  readonly numaBalancing: string | null;
}
