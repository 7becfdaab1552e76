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

/** Shows each line that a process says, until it has ended and said all. Where lines are taken slowly, it has to wait. */
export async function mergeOutput(instance: SpeakingInstance, targets: LineTargets): Promise<void> {
  const { prefix, stdout, stderr } = targets;
  const log = openLog(targets);
  const ended = new AbortController();
  const { signal } = ended;
  const lines = [
    forward(instance.stdout, { to: stdout, prefix, log, signal }),
    forward(instance.stderr, { to: stderr, prefix, log, signal }),
  ];
  await instance.exited;
  ended.abort();
  // A grandchild may hold the pipes open for as long as it lives.
  await Promise.race([Promise.all(lines), setTimeout(drainMilliseconds, undefined, { ref: false })]);
  instance.stdout.destroy();
  instance.stderr.destroy();
  log?.end();
}

/** A disk that is full stops the log, not the program. */
function openLog({ logFile, prefix, stderr }: LineTargets): WriteStream | null {
  if (logFile === null) return null;
  return createWriteStream(logFile, { flags: "a" }).on("error", ({ message }) => {
    stderr.write(`${prefix}its log ends here: ${message}\n`);
  });
}

interface Way {
  readonly to: Writable;
  readonly prefix: string;
  readonly log: WriteStream | null;
  /** Aborted when the process has ended: what it has left is little, and is read at once. */
  readonly signal: AbortSignal;
}

async function forward(from: Readable, { to, prefix, log, signal }: Way): Promise<void> {
  const reader = createInterface({ input: from });
  let said: string[] = [];
  const pass = async (): Promise<void> => {
    const lines = said;
    said = [];
    from.pause();
    if (log !== null) await write(log, lines.map((line) => `${line}\n`).join(""), signal);
    await write(to, lines.map((line) => `${prefix}${line}\n`).join(""), signal);
    from.resume();
  };
  reader.on("line", (line) => said.push(line));
  // Heard after the reader, so that all lines of a piece are passed on at once.
  from.on("data", () => void pass());
  await once(reader, "close");
  await pass();
}

/** Writes, and waits until more can be taken. */
async function write(to: Writable, text: string, signal: AbortSignal): Promise<void> {
  if (text === "" || to.destroyed || to.write(text)) return;
  // As many may wait as there are instances.
  to.setMaxListeners(0);
  await once(to, "drain", { signal }).catch(() => undefined);
}
