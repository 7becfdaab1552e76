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

/** Runs one cell and keeps what it puts out. Never rejects. */
export async function runCell(client: KernelClient, run: CellRun): Promise<CellEnd> {
  const { cell, recorder } = run;
  const reply = client.execute(textOf(cell.source), {
    onOutput: (message) => {
      recorder.record(cell, message);
    },
  });
  let isStopped = false;
  const stopped = stoppedOf(run).then(async (failure) => {
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
  }
}

/** Resolves to the reason for which the cell must stop, if there comes to be one. */
function stoppedOf({ timeoutSeconds, signal }: CellRun): Promise<CellFailure> {
  return new Promise((resolve) => {
    signal?.addEventListener("abort", () => {
      resolve({ name: "Interrupted", message: "the run was interrupted", traceback: [] });
    });
    if (timeoutSeconds === null) return;
    const message = `the cell ran longer than ${timeoutSeconds} s`;
    void delay(timeoutSeconds * 1000, { name: "TimeoutError", message, traceback: [] }, { ref: false }).then(resolve);
  });
}

function failureIn(reply: JsonObject): CellFailure | null {
  if (reply["status"] === "ok") return null;
  const { traceback } = reply;
  const lines = Array.isArray(traceback) ? traceback.map(String) : [];
  return { name: textIn(reply, "ename"), message: textIn(reply, "evalue"), traceback: lines };
}
