/** The unit of /proc/PID/stat is 1/100 s on every architecture that Node runs on (USER_HZ). */
const ticksPerSecond = 100;

/** What one process has used until now. */
export interface ProcessUsage {
  /** The process that leads its group. */
  readonly groupId: number;
  /** The process that leads its session, of which its group is a part. */
  readonly sessionId: number;
  /** Its own time and that of the children it has waited for, of user and kernel. */
  readonly cpuSeconds: number;
  readonly threadsCount: number;
}

/**
 * What the text of /proc/PID/stat tells of a process.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function parseProcessUsage(stat: string): ProcessUsage {
  // The process name, in parentheses, may hold spaces and parentheses of its own.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
  const [, , groupId = 0, sessionId = 0] = fields;
  return { groupId, sessionId, cpuSeconds: ticks / ticksPerSecond, threadsCount: fields[17] ?? 0 };
}

/** The memory in use, from the text of /proc/PID/status; null for a process that has ended and waits to be told. */
export function parseResidentBytes(status: string): number | null {
  const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}
