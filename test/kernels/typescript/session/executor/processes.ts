import { readdirSync, readFileSync } from "node:fs";

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // it has ended
  }
}

/** The processes, ended ones apart, whose command line holds a text. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => readText(`/proc/${name}/cmdline`).replaceAll("\0", " ").includes(text))
    .map(Number);
}

/** The memory of a process, in all and without what it shares. */
export function memoryOf(processId: number) {
  const text = readText(`/proc/${processId}/smaps_rollup`);
  const bytesOf = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]) * 1024;
  return { rssBytes: bytesOf("Rss"), pssBytes: bytesOf("Pss") };
}

/** The processor time that a process has used, in clock ticks. */
export function ticksOf(processId: number): number {
  const fields = readText(`/proc/${processId}/stat`).split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
