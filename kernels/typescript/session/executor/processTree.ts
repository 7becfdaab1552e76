import { readdirSync, readFileSync } from "node:fs";
import { processMark } from "./wire.ts";

/** What /proc says of one process. */
interface ProcessEntry {
  readonly id: number;
  readonly parentId: number;
  readonly sessionId: number;
  /** In clock ticks since the machine started. */
  readonly startTicks: number;
}

/** Clock ticks a second in /proc: the same on every Linux. */
const ticksPerSecond = 100;
/** A killed process can have started another one meanwhile; this often we look again. */
const endingRounds = 20;

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // it has ended, or is not ours
  }
}

/** The entry of one line of /proc/N/stat; null for a process that has ended. The second field may hold spaces and brackets. */
function parseStat(id: number, stat: string): ProcessEntry | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = "", parentId, , sessionId] = fields;
  if (state === "" || state === "Z" || state === "X") return null;
  return { id, parentId: Number(parentId), sessionId: Number(sessionId), startTicks: Number(fields[19]) };
}

function readProcesses(): ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => parseStat(Number(name), readText(`/proc/${name}/stat`)))
    .filter((entry) => entry !== null);
}

/** Every process below these, nearest first. */
function descendantsOf(ids: readonly number[], processes: readonly ProcessEntry[]): ProcessEntry[] {
  const children = processes.filter(({ parentId }) => ids.includes(parentId));
  if (children.length === 0) return [];
  const childIds = children.map(({ id }) => id);
  return [...children, ...descendantsOf(childIds, processes)];
}

function isMarked(id: number, mark: string): boolean {
  return `\0${readText(`/proc/${id}/environ`)}`.includes(`\0${processMark}=${mark}\0`);
}

function signal(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name);
  } catch {
    // it has ended by itself
  }
}

/** Sends a signal to the processes below this one that are younger than this many seconds. */
export function signalYoungDescendants(rootId: number, name: NodeJS.Signals, ageSeconds: number): void {
  const [uptimeSeconds] = readText("/proc/uptime").split(" ");
  const oldestTicks = (Number(uptimeSeconds) - ageSeconds) * ticksPerSecond - 2;
  for (const { id, startTicks } of descendantsOf([rootId], readProcesses()))
    if (startTicks >= oldestTicks) signal(id, name);
}

/**
 * Kills everything that an executor started: the processes of its session, those that left it but carry its mark in their
 * environment, and all below them. This process is spared.
 */
export function endTree(sessionId: number, mark: string): void {
  for (let round = 0; round < endingRounds; round++) {
    const processes = readProcesses();
    const known = processes.filter((entry) => entry.sessionId === sessionId || isMarked(entry.id, mark));
    const knownIds = known.map(({ id }) => id);
    const doomed = new Set([...knownIds, ...descendantsOf(knownIds, processes).map(({ id }) => id)]);
    doomed.delete(process.pid);
    if (doomed.size === 0) return;
    for (const id of doomed) signal(id, "SIGKILL");
  }
}
