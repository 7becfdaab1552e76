import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { setTimeout } from "node:timers/promises";
import { LaunchError } from "./errors.ts";
import { formatExit, type ProcessExit } from "./exit.ts";
import type { LaunchedInstance } from "./instance.ts";
import { timerMillisecondsOf } from "./timer.ts";

const usualDeadlineSeconds = 60;
const shownLinesCount = 5;
const keptCharacters = 16_384;

/** How a program says that it is ready. */
export interface ReadySign {
  /** A line of its output or its errors that has this in it. */
  readonly line: RegExp | string;
  /** From its start; default 60. */
  readonly deadlineSeconds?: number;
}

/** What became of an instance that was to say that it is ready. */
export type Readiness = "ready" | "ended" | "late";

/** What becomes of an instance, by the time that it has said its line, has ended, or has had its time. */
export async function awaitReady(
  { stdout, stderr, exited }: Pick<LaunchedInstance, "stdout" | "stderr" | "exited">,
  { line, deadlineSeconds = usualDeadlineSeconds }: ReadySign,
): Promise<Readiness> {
  const isDone = new AbortController();
  const { signal } = isDone;
  const outcomes = [
    ...[stdout, stderr].map((stream) => signOf(stream, line, signal).then(() => "ready" as const)),
    exited.then(() => "ended" as const),
    setTimeout(timerMillisecondsOf(deadlineSeconds), "late" as const, { signal }),
  ];
  try {
    return await Promise.race(outcomes);
  } finally {
    void Promise.allSettled(outcomes);
    isDone.abort();
  }
}

/** Settles when a line has the sign in it; listens until the signal is aborted. */
function signOf(stream: Readable, sign: RegExp | string, signal: AbortSignal): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  return new Promise((resolve) => {
    const listen = (chunk: Buffer | string): void => {
      const lines = (rest + (typeof chunk === "string" ? chunk : decoder.write(chunk))).split(/\r?\n/);
      rest = lines.pop()?.slice(-keptCharacters) ?? "";
      if (lines.some((text) => (typeof sign === "string" ? text.includes(sign) : text.search(sign) >= 0))) resolve();
    };
    stream.on("data", listen);
    signal.addEventListener("abort", () => stream.off("data", listen), { once: true });
  });
}

/**
 * Makes sure that an instance became ready; one that took too long is stopped.
 * @throws {LaunchError} `never-ready`, `ended-early`
 */
export async function assertReady(instance: LaunchedInstance, sign: ReadySign): Promise<void> {
  const readiness = await instance.ready;
  if (readiness === "ready") return;
  const exit = await (readiness === "late" ? instance.stop() : instance.exited);
  const { instanceIndex } = instance.plan;
  const { deadlineSeconds = usualDeadlineSeconds } = sign;
  const [code, story, advice] =
    readiness === "late"
      ? ([
          "never-ready",
          `was not ready after ${deadlineSeconds} s`,
          " Give it longer, or wait for a line that it says.",
        ] as const)
      : (["ended-early", `ended (${formatExit(exit)}) before it was ready`, ""] as const);
  const message = `Instance ${instanceIndex} ${story}: it has to say a line with ${sayable(sign.line)}.${advice} ${lastWordsOf(exit)}`;
  throw new LaunchError(code, message, { facts: { instanceIndex, line: String(sign.line), ...exit } });
}

const sayable = (line: RegExp | string): string => (typeof line === "string" ? `"${line}"` : String(line));

function lastWordsOf({ lastStderrLines }: ProcessExit): string {
  const lines = lastStderrLines.slice(-shownLinesCount);
  return lines.length === 0 ? "It left no last words." : `Its last words: ${lines.join("\n")}`;
}
