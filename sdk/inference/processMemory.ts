import { readFile } from "node:fs/promises";

/** The memory of one process, as the kernel counts it. */
export interface ProcessMemory {
  readonly processId: number;
  /** Its share of everything: pages of several processes count for each in parts. These can be added up. */
  readonly proportionalBytes: number;
  /** Pages that only this process has, which another instance costs again. */
  readonly privateBytes: number;
  /** Pages that other processes have too, such as those of one mapped model file. */
  readonly sharedBytes: number;
}

/**
 * What the text of /proc/PID/smaps_rollup tells of a process.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html
 */
export function parseProcessMemory(processId: number, rollup: string): ProcessMemory {
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(rollup)?.[1] ?? 0) * 1024;
  return {
    processId,
    proportionalBytes: bytesOf("Pss"),
    privateBytes: bytesOf("Private_Clean") + bytesOf("Private_Dirty"),
    sharedBytes: bytesOf("Shared_Clean") + bytesOf("Shared_Dirty"),
  };
}

/** Reads the memory of a process; null where the kernel does not tell, or the process is gone. */
export async function readProcessMemory(processId: number): Promise<ProcessMemory | null> {
  try {
    return parseProcessMemory(processId, await readFile(`/proc/${processId}/smaps_rollup`, "utf8"));
  } catch {
    return null;
  }
}
