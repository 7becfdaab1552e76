import { countCpus } from "../topology/index.ts";
import type { CpuChoice } from "./cpus.ts";
import { LaunchError } from "./errors.ts";

/** What bounds the threads of instances. */
export interface ThreadLimits {
  /** Threads of each instance that were asked for. */
  readonly threadsCount: number | undefined;
  /** Threads of all instances together: what the container's quota of CPU time is worth. */
  readonly limit: number;
}

/**
 * Gives each instance its threads: one a CPU, and where the quota is worth fewer, as many as leave room for the others.
 * @throws {LaunchError} `threads-out-of-range`
 */
export function threadsOf(cpuLists: readonly string[], { threadsCount, limit }: ThreadLimits): CpuChoice[] {
  const wanted = cpuLists.map((cpus) => threadsCount ?? countCpus(cpus));
  if (threadsCount !== undefined) assertThreads(threadsCount, cpuLists, limit);
  const counts = [...wanted];
  let left = limit;
  const smallestFirst = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  for (const [served, index] of smallestFirst.entries()) {
    const share = Math.min(wanted[index] ?? 0, Math.floor(left / (wanted.length - served)));
    counts[index] = share;
    left -= share;
  }
  return cpuLists.map((cpus, index) => ({
    cpus,
    threadsCount: counts[index] ?? 1,
    wantedThreadsCount: wanted[index] ?? 1,
  }));
}

function assertThreads(threadsCount: number, cpuLists: readonly string[], limit: number): void {
  const fewestCpus = Math.min(...cpuLists.map(countCpus));
  const most = Math.min(fewestCpus, Math.floor(limit / cpuLists.length));
  if (Number.isInteger(threadsCount) && threadsCount >= 1 && threadsCount <= most) return;
  const quota = Number.isFinite(limit) ? `, and the container's quota is worth ${limit} threads in all` : "";
  const message = `${threadsCount} threads were asked for in each of ${cpuLists.length} instances, whose CPUs are at least ${fewestCpus}${quota}. Pass a whole threadsCount from 1 to ${most}.`;
  throw new LaunchError("threads-out-of-range", message, { facts: { threadsCount, most, fewestCpus } });
}
