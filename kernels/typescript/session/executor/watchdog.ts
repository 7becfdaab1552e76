import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { endTree, signalYoungDescendants } from "./processTree.ts";
import { sharedStateIn, stopping } from "./sharedState.ts";
import { descriptors, lineReader, processMark, type ToWatchdog } from "./wire.ts";

/** What the watchdog tells the main thread. */
export type FromWatchdog =
  | { readonly kind: "watching" }
  /** Stop this run, if it is the one. */
  | { readonly kind: "interrupt"; readonly runId: number }
  /** Nothing more will be stopped in the name of this run. */
  | { readonly kind: "calm"; readonly runId: number };

/** A main thread that sits in its event loop stops a run by itself within this time. */
const graceMilliseconds = [1, 2, 4, 8];
const retryMilliseconds = 50;
/** Programs that a cell waits for are asked to end, then made to. */
const signals: readonly { readonly name: NodeJS.Signals; readonly afterMilliseconds: number }[] = [
  { name: "SIGINT", afterMilliseconds: 0 },
  { name: "SIGTERM", afterMilliseconds: 1000 },
  { name: "SIGKILL", afterMilliseconds: 2000 },
];
const flushMilliseconds = 20;

/** So often code of Node's own may come to its end first. */
const politeAttempts = 15;

const port = parentPort as NonNullable<typeof parentPort>;
const shared = sharedStateIn(workerData as SharedArrayBuffer);
const inspector = new Session();
const stoppedIds = new Set<number>();

const delay = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));

function tell(message: FromWatchdog): void {
  port.postMessage(message);
}

/**
 * Ends JavaScript on the main thread wherever it is, once it may be stopped there; resolves when that has taken effect, or when the
 * run has ended by itself.
 */
async function terminate(runId: number): Promise<void> {
  for (let attempt = 0; shared.runningId === runId; attempt++) {
    shared.stopping = stopping.asked;
    const expression = `__numalab.unwind(${attempt < politeAttempts})`;
    inspector.post("Runtime.evaluate", { expression, silent: true });
    while (shared.stopping === stopping.asked) await delay(1);
    if (shared.stopping === stopping.ready) break;
  }
  if (shared.stopping !== stopping.ready) return;
  const terminated = new Promise<void>((resolve) => {
    inspector.post("Runtime.terminateExecution", () => {
      resolve();
    });
  });
  shared.stopping = stopping.told;
  tell({ kind: "interrupt", runId }); // also what V8 stops, when nothing else runs
  await terminated;
}

async function signalChildren(runId: number): Promise<void> {
  const interruptedAt = Date.now();
  for (const { name, afterMilliseconds } of signals) {
    await delay(Math.max(0, interruptedAt + afterMilliseconds - Date.now()));
    if (afterMilliseconds > 0 && shared.runningId !== runId) return;
    signalYoungDescendants(process.pid, name, (Date.now() - shared.startedAt) / 1000);
  }
}

/** Whether the main thread stops the run by itself, which it does when it sits in its event loop. */
async function isStoppedByItself(runId: number): Promise<boolean> {
  for (const milliseconds of graceMilliseconds) {
    if (shared.runningId !== runId) return true;
    await delay(milliseconds);
  }
  return shared.runningId !== runId;
}

async function stop(runId: number): Promise<void> {
  if (stoppedIds.has(runId)) return;
  stoppedIds.add(runId);
  shared.interruptedId = runId;
  if (shared.runningId === runId) void signalChildren(runId);
  tell({ kind: "interrupt", runId });
  while (!(await isStoppedByItself(runId))) {
    await terminate(runId);
    if (!(await isStoppedByItself(runId))) await delay(retryMilliseconds);
  }
  stoppedIds.delete(runId);
  tell({ kind: "calm", runId });
}

/** The parent is gone, or wants us gone. */
function endEverything(): void {
  endTree(process.pid, process.env[processMark] ?? "");
  process.kill(process.pid, "SIGKILL");
}

/** Makes the main thread write what it kept back, even when a cell keeps it busy. */
function flush(): void {
  inspector.post("Runtime.evaluate", { expression: "__numalab.flush()", silent: true });
}

inspector.connectToMainThread();
new Socket({ fd: descriptors.toWatchdog, readable: true, writable: false })
  .setEncoding("utf8")
  .on(
    "data",
    lineReader((line) => void stop((JSON.parse(line) as ToWatchdog).interruptedRunId)),
  )
  .on("error", () => undefined)
  .on("close", endEverything);
port.on("message", () => setTimeout(flush, flushMilliseconds));
tell({ kind: "watching" });
