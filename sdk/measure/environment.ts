/** Counters and settings of the host at one moment. Counters only grow; null where this host has none. */
export interface EnvironmentSnapshot {
  readonly takenAt: string;
  /** Seconds of a clock that only grows. */
  readonly monotonicSeconds: number;
  readonly onlineCpusCount: number;
  /** CPU seconds of all CPUs since boot, by what they went to. */
  readonly busyCpuSeconds: number | null;
  readonly stealCpuSeconds: number | null;
  /** CPU seconds of the processes that were asked about. */
  readonly ownCpuSeconds: number | null;
  /** Seconds in which some task waited for a CPU (PSI). */
  readonly cpuPressureSeconds: number | null;
  readonly memoryPressureSeconds: number | null;
  /** Quota throttling of this control group. */
  readonly throttledSeconds: number | null;
  readonly throttledPeriodsCount: number | null;
  readonly governor: string | null;
  readonly transparentHugePages: string | null;
  readonly numaBalancing: string | null;
  readonly swappinessRatio: number | null;
  readonly loadAverage: number | null;
}

/** What happened between two snapshots. Ratios are shares of one, or of all CPUs' time where the name says so. */
export interface EnvironmentChange {
  readonly elapsedSeconds: number;
  readonly stealRatio: number | null;
  /** Share of all CPUs' time that processes other than ours took. */
  readonly foreignCpuRatio: number | null;
  readonly cpuPressureRatio: number | null;
  readonly throttledRatio: number | null;
  readonly governor: string | null;
  readonly transparentHugePages: string | null;
  readonly numaBalancing: string | null;
}
