import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { namesIn, textOf } from "./kernelFiles.ts";
import { type MemoryPages, parseMemoryPages, parseProgramFiles } from "./numaMaps.ts";

/** What the scheduler has done to threads since they started. */
export interface Migrations {
  /** Moves from one CPU to another. */
  readonly threadMigrationsCount: number | null;
  /** Pages that NUMA balancing moved for them. */
  readonly pageMigrationsCount: number | null;
}

/** What the kernel tells of one thread. */
export interface ThreadStatus {
  readonly threadId: number;
  readonly name: string;
  /** The CPUs it may use, as a cpulist. */
  readonly cpus: string;
  /** The nodes that its cpuset allows, as a nodelist; null where the kernel has no cpusets. */
  readonly nodes: string | null;
}

/**
 * Every thread of the process whose folder in /proc is given; none when it is gone.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function readThreads(processFolder: string): ThreadStatus[] {
  const folder = join(processFolder, "task");
  return namesIn(folder).flatMap((name) => {
    const status = textOf(join(folder, name, "status"));
    return status === null ? [] : [threadOf(Number(name), status)];
  });
}

/** Where the memory of a process lies; null where the kernel does not tell, or not to this user. It walks all of it. */
export async function readMemoryPages(processFolder: string): Promise<MemoryPages | null> {
  const text = await readFile(join(processFolder, "numa_maps"), "utf8").catch(() => null);
  return text === null ? null : parseMemoryPages(text, parseProgramFiles(textOf(join(processFolder, "maps")) ?? ""));
}

/**
 * The migrations of every thread of a process, summed; null where this kernel counts none.
 * @see https://www.kernel.org/doc/html/latest/scheduler/sched-debug.html
 */
export function readMigrations(processFolder: string, threadIds: readonly number[]): Migrations {
  const texts = threadIds.flatMap((threadId) => textOf(join(processFolder, "task", String(threadId), "sched")) ?? []);
  const sumOf = (key: RegExp): number | null => {
    const counts = texts.flatMap((text) => key.exec(text)?.[1] ?? []).map(Number);
    return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
  };
  return {
    threadMigrationsCount: sumOf(/^se\.nr_migrations\s*:\s*(\d+)/m),
    pageMigrationsCount: sumOf(/^numa_pages_migrated\s*:\s*(\d+)/m),
  };
}

/** Whether a process is gone, or has ended and waits for its parent to hear of it: then it has no memory. */
export function hasEnded(processFolder: string): boolean {
  return !existsSync(processFolder) || textOf(join(processFolder, "statm"))?.startsWith("0 ") === true;
}

function threadOf(threadId: number, status: string): ThreadStatus {
  const valueOf = (key: string): string | null => new RegExp(`^${key}:\\s*(.*)$`, "m").exec(status)?.[1] ?? null;
  return {
    threadId,
    name: valueOf("Name") ?? "",
    cpus: valueOf("Cpus_allowed_list") ?? "",
    nodes: valueOf("Mems_allowed_list"),
  };
}
