import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentSnapshot } from "./environment.ts";
import { readTextFile } from "./textFile.ts";
import { readThrottling } from "./throttling.ts";

/** What a caller may say about a snapshot. */
export interface EnvironmentSpec {
  /** Where /proc and /sys lie: "/" unless a recorded machine is read. */
  readonly root?: string;
  /** The processes whose CPU time is our own: this one unless told. */
  readonly processIds?: readonly number[];
}

/** The unit of /proc/stat and /proc/PID/stat is 1/100 s on every architecture that Node runs on (USER_HZ). */
const ticksPerSecond = 100;

function numberOf(text: string | null | undefined): number | null {
  return text === null || text === undefined || text.trim() === "" ? null : Number(text);
}

/** Columns of the first line of /proc/stat: user, nice, system, irq and softirq are work; guests are within user. */
const busyColumns = [0, 1, 2, 5, 6];
const stealColumns = [7];

type CpuTimes = Pick<EnvironmentSnapshot, "onlineCpusCount" | "busyCpuSeconds" | "stealCpuSeconds">;

function parseCpuTimes(text: string): CpuTimes {
  const columns = /^cpu +(.*)$/m.exec(text)?.[1]?.split(" ").map(Number);
  if (columns === undefined) return { onlineCpusCount: null, busyCpuSeconds: null, stealCpuSeconds: null };
  const secondsOf = (indexes: readonly number[]): number =>
    indexes.reduce((sum, index) => sum + (columns[index] ?? 0), 0) / ticksPerSecond;
  return {
    onlineCpusCount: text.match(/^cpu\d+ /gm)?.length ?? null,
    busyCpuSeconds: secondsOf(busyColumns),
    stealCpuSeconds: secondsOf(stealColumns),
  };
}

function parsePressureSeconds(text: string | null): number | null {
  const microseconds = numberOf(/^some .*total=(\d+)/m.exec(text ?? "")?.[1]);
  return microseconds === null ? null : microseconds / 1e6;
}

/** Null as soon as one process cannot be read: a sum without it would fall. */
function readOwnCpuSeconds(root: string, processIds: readonly number[]): number | null {
  const seconds = processIds.map((processId) => {
    const text = readTextFile(root, `proc/${processId}/stat`);
    if (text === null) return null;
    // The process name, in parentheses, may hold spaces and parentheses of its own.
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    return fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond;
  });
  return seconds.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}

function readGovernor(root: string): string | null {
  const folder = "sys/devices/system/cpu/cpufreq";
  try {
    const policies = readdirSync(join(root, folder)).filter((name) => name.startsWith("policy"));
    const texts = policies.map((policy) => readTextFile(root, join(folder, policy, "scaling_governor"))?.trim());
    return [...new Set(texts.filter((text) => text !== undefined))].sort().join(",") || null;
  } catch {
    return null;
  }
}

type Settings = Pick<EnvironmentSnapshot, "governor" | "transparentHugePages" | "numaBalancing" | "swappiness">;

function readSettings(root: string): Settings {
  const hugePages = readTextFile(root, "sys/kernel/mm/transparent_hugepage/enabled");
  return {
    governor: readGovernor(root),
    transparentHugePages: /\[(\w+)\]/.exec(hugePages ?? "")?.[1] ?? null,
    numaBalancing: readTextFile(root, "proc/sys/kernel/numa_balancing")?.trim() ?? null,
    swappiness: numberOf(readTextFile(root, "proc/sys/vm/swappiness")),
  };
}

/**
 * The counters and settings of this host now; what this host lacks is null.
 * @see https://docs.kernel.org/filesystems/proc.html and https://docs.kernel.org/accounting/psi.html
 */
export function readEnvironment({ root = "/", processIds = [process.pid] }: EnvironmentSpec = {}): EnvironmentSnapshot {
  return {
    takenAt: new Date().toISOString(),
    monotonicSeconds: Number(process.hrtime.bigint()) / 1e9,
    ...parseCpuTimes(readTextFile(root, "proc/stat") ?? ""),
    ownCpuSeconds: readOwnCpuSeconds(root, processIds),
    cpuPressureSeconds: parsePressureSeconds(readTextFile(root, "proc/pressure/cpu")),
    memoryPressureSeconds: parsePressureSeconds(readTextFile(root, "proc/pressure/memory")),
    ...readThrottling(root),
    ...readSettings(root),
    loadAverage: numberOf(readTextFile(root, "proc/loadavg")?.split(" ")[0]),
  };
}
