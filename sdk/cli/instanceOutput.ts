import { createWriteStream, type WriteStream } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";

const drainMilliseconds = 1000;

/** A running process whose output is shown. */
export interface SpeakingInstance {
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<unknown>;
}

/** Where the lines of a process go. */
export interface LineTargets {
  /** What stands before each line: `[0] `. */
  readonly prefix: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** A file to which the lines are added too, without the prefix; null for none. */
  readonly logFile: string | null;
}

/** Shows each line that a process says, until it has ended and said all. */
export async function mergeOutput(instance: SpeakingInstance, targets: LineTargets): Promise<void> {
  const log = targets.logFile === null ? null : createWriteStream(targets.logFile, { flags: "a" });
  const lines = [
    forward(instance.stdout, { to: targets.stdout, prefix: targets.prefix, log }),
    forward(instance.stderr, { to: targets.stderr, prefix: targets.prefix, log }),
  ];
  await instance.exited;
  // A grandchild may hold the pipes open for as long as it lives.
  await Promise.race([Promise.all(lines), setTimeout(drainMilliseconds, undefined, { ref: false })]);
  log?.end();
}

interface Way {
  readonly to: Writable;
  readonly prefix: string;
  readonly log: WriteStream | null;
}

async function forward(from: Readable, { to, prefix, log }: Way): Promise<void> {
  const lines = createInterface({ input: from });
  lines.on("line", (line) => {
    to.write(`${prefix}${line}\n`);
    log?.write(`${line}\n`);
  });
  await once(lines, "close");
}
