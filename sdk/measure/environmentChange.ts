import type { Warning } from "../errors.ts";
import type { EnvironmentChange, EnvironmentSnapshot } from "./environment.ts";
import { MeasureError } from "./errors.ts";

/** What happened between two snapshots, and which of it may have disturbed a measurement. */
export interface EnvironmentComparison {
  readonly change: EnvironmentChange;
  readonly warnings: readonly Warning[];
}

interface RatioRule {
  readonly code: string;
  readonly ratio: "stealRatio" | "foreignCpuRatio" | "throttledRatio" | "cpuPressureRatio";
  readonly limitRatio: number;
  readonly finding: string;
  readonly advice: string;
}

const ratioRules: readonly RatioRule[] = [
  {
    code: "steal",
    ratio: "stealRatio",
    limitRatio: 0.01,
    finding: "of the CPU time was taken by the hypervisor for other guests",
    advice: "Measure again at another hour, or on a dedicated host.",
  },
  {
    code: "foreign-load",
    ratio: "foreignCpuRatio",
    limitRatio: 0.05,
    finding: "of the CPU time went to other processes",
    advice: "Stop what else runs on this machine and measure again.",
  },
  {
    code: "throttled-by-quota",
    ratio: "throttledRatio",
    limitRatio: 0.01,
    finding: "of the time the container's CPU quota held this process back",
    advice: "Use no more threads than whole CPUs in the quota, or raise the quota (cpu.max).",
  },
  {
    code: "cpu-pressure",
    ratio: "cpuPressureRatio",
    limitRatio: 0.1,
    finding: "of the time some task waited for a CPU",
    advice: "Use fewer threads than CPUs, or stop what else runs on this machine.",
  },
];

const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;

function ratioWarnings(change: EnvironmentChange): readonly Warning[] {
  return ratioRules.flatMap(({ code, ratio, limitRatio, finding, advice }) => {
    const found = change[ratio];
    if (found === null || found <= limitRatio) return [];
    return [
      {
        code,
        message: `${percent(found)} ${finding}; ${percent(limitRatio)} is the most a steady figure bears.`,
        advice,
      },
    ];
  });
}

function governorWarnings({ governor }: EnvironmentChange): readonly Warning[] {
  if (governor === null || governor === "performance") return [];
  return [
    {
      code: "governor-not-performance",
      message: `The CPU frequency governor is ${governor}; steady clocks need performance.`,
      advice: "Run `cpupower frequency-set -g performance` as root.",
    },
  ];
}

type CounterName = "stealCpuSeconds" | "ownCpuSeconds" | "busyCpuSeconds" | "cpuPressureSeconds" | "throttledSeconds";

function growthOf(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : Math.max(0, after - before);
}

function shareOf(seconds: number | null, ofSeconds: number | null): number | null {
  return seconds === null || ofSeconds === null ? null : Math.min(1, seconds / ofSeconds);
}

/**
 * What happened from `before` to `after`, with a warning for each thing that may have disturbed a measurement.
 * Foreign CPU time is busy time less our own.
 * @throws {MeasureError} `invalid-request` when `after` was not taken later than `before`
 */
export function compareEnvironment(before: EnvironmentSnapshot, after: EnvironmentSnapshot): EnvironmentComparison {
  const elapsedSeconds = after.monotonicSeconds - before.monotonicSeconds;
  if (!(elapsedSeconds > 0)) {
    throw new MeasureError(
      "invalid-request",
      `The second snapshot is ${(-elapsedSeconds).toFixed(3)} s older than the first; it must be the later one. Swap the two.`,
      { facts: { before: before.takenAt, after: after.takenAt } },
    );
  }
  const growth = (name: CounterName): number | null => growthOf(before[name], after[name]);
  const cpuSeconds = after.onlineCpusCount === null ? null : elapsedSeconds * after.onlineCpusCount;
  const change = {
    elapsedSeconds,
    stealRatio: shareOf(growth("stealCpuSeconds"), cpuSeconds),
    foreignCpuRatio: shareOf(growthOf(growth("ownCpuSeconds"), growth("busyCpuSeconds")), cpuSeconds),
    cpuPressureRatio: shareOf(growth("cpuPressureSeconds"), elapsedSeconds),
    throttledRatio: shareOf(growth("throttledSeconds"), elapsedSeconds),
    governor: after.governor,
    transparentHugePages: after.transparentHugePages,
    numaBalancing: after.numaBalancing,
  };
  return { change, warnings: [...ratioWarnings(change), ...governorWarnings(change)] };
}
