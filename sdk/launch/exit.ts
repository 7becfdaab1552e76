import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";

const keptLinesCount = 20;
const keptCharacters = 16_384;
const drainMilliseconds = 1000;

/** How a process ended: a value, whatever the end. */
export interface ProcessExit {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** Null when it ended by itself. */
  readonly signal: string | null;
  /** How long it did not heed SIGTERM, and was then killed; null when that was not so. */
  readonly ignoredSeconds: number | null;
  /** What it said last on its standard error: at most 20 lines. */
  readonly lastStderrLines: readonly string[];
}

/** How the process ends, once it has, but for what was done to it. */
export async function exitOf(
  process: Pick<ChildProcess, "once"> & { readonly stderr: Readable },
): Promise<Omit<ProcessExit, "ignoredSeconds">> {
  let said = "";
  process.stderr.setEncoding("utf8");
  process.stderr.on("data", (text: string) => (said = (said + text).slice(-keptCharacters)));
  const drained = finished(process.stderr).catch(() => undefined);
  const end = await new Promise<Pick<ProcessExit, "exitCode" | "signal">>((resolve) => {
    process.once("exit", (exitCode, signal) => {
      resolve({ exitCode, signal });
    });
  });
  // A grandchild may hold the pipe open for as long as it lives.
  await Promise.race([drained, setTimeout(drainMilliseconds, undefined, { ref: false })]);
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  return { ...end, lastStderrLines: lines.slice(-keptLinesCount) };
}

/** How a process ended, in words: `exit code 3`. */
export function formatExit({ exitCode, signal, ignoredSeconds }: ProcessExit): string {
  if (ignoredSeconds !== null) return `ignored SIGTERM for ${ignoredSeconds} s and was killed`;
  return signal === null ? `exit code ${String(exitCode)}` : `ended by ${signal}`;
}
