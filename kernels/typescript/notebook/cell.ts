import { setTimeout as delay } from "node:timers/promises";
import type { KernelClient } from "../protocol/client.ts";
import { textIn, type JsonObject } from "../protocol/messages.ts";
import { textOf, type CodeCell } from "./document.ts";
import type { Recorder } from "./record.ts";

/** Why a cell did not end well. */
export interface CellFailure {
  readonly name: string;
  readonly message: string;
  readonly traceback: readonly string[];
}

/** How a cell ended. */
export interface CellEnd {
  readonly failure: CellFailure | null;
  /** Whether the next cell finds a kernel that answers. */
  readonly canGoOn: boolean;
}

/** What is needed to run one cell. */
export interface CellRun {
  readonly cell: CodeCell;
  readonly recorder: Recorder;
  readonly timeoutSeconds: number | null;
  readonly signal: AbortSignal | undefined;
}

/** After an interrupt, a cell has this long to end: our kernel replaces what does not answer within five seconds. */
const interruptMilliseconds = 8000;

/** Node takes a longer time for none at all. */
const longestTimerMilliseconds = 2 ** 31 - 1;

/** Runs one cell and keeps what it puts out. Never rejects. */
export async function runCell(client: KernelClient, run: CellRun): Promise<CellEnd> {
  const { cell, recorder } = run;
  const reply = client.execute(textOf(cell.source), {
    onOutput: (message) => {
      recorder.record(cell, message);
    },
  });
  const ending = new AbortController();
  let isStopped = false;
  const stopped = stoppedOf(run, ending.signal).then(async (failure) => {
    isStopped = true;
    await Promise.race([client.interrupt().then(() => reply), delay(interruptMilliseconds, undefined, { ref: false })]);
    return { failure, canGoOn: false };
  });
  const ended = reply.then((content) => (isStopped ? stopped : { failure: failureIn(content), canGoOn: true }));
  try {
    return await Promise.race([ended, stopped]);
  } catch (error) {
    const { name, message } = error as Error;
    return { failure: { name, message, traceback: [] }, canGoOn: false };
  } finally {
    ending.abort();
  }
}

/** Resolves to the reason for which a cell must stop, if there comes to be one before it has ended. */
function stoppedOf({ timeoutSeconds, signal }: CellRun, ended: AbortSignal): Promise<CellFailure> {
  return new Promise((resolve) => {
    const stop = (name: string, message: string): void => {
      resolve({ name, message, traceback: [] });
    };
    const interrupt = stop.bind(null, "Interrupted", "the run was interrupted");
    signal?.addEventListener("abort", interrupt, { signal: ended });
    if (timeoutSeconds === null) return;
    const message = `the cell ran longer than ${timeoutSeconds} s`;
    const milliseconds = Math.min(timeoutSeconds * 1000, longestTimerMilliseconds);
    const timer = setTimeout(stop, milliseconds, "TimeoutError", message);
    ended.addEventListener("abort", () => {
      clearTimeout(timer);
    });
  });
}

function failureIn(reply: JsonObject): CellFailure | null {
  if (reply["status"] === "ok") return null;
  const { traceback } = reply;
  const lines = Array.isArray(traceback) ? traceback.map(String) : [];
  return { name: textIn(reply, "ename"), message: textIn(reply, "evalue"), traceback: lines };
}
