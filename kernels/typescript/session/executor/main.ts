import { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { shared } from "./cellContext.ts";
import { installGlobals } from "./cellGlobals.ts";
import { interruptCell, runCell, tellInterrupted } from "./cellRun.ts";
import { reportUncaught } from "./cellError.ts";
import { receiveComm } from "./comms.ts";
import { connect, membersOf } from "./evaluation.ts";
import { installFlushingCalls } from "./flushingCalls.ts";
import { callOnDelay, flush, tell } from "./outbox.ts";
import { installStackTraces } from "./stackTrace.ts";
import { installStreams } from "./stream.ts";
import { installTimers } from "./timers.ts";
import type { FromWatchdog } from "./watchdog.ts";
import { descriptors, lineReader, type ToExecutor } from "./wire.ts";

function startWatchdog(): void {
  const watchdog = new Worker(new URL("./watchdog.js", import.meta.url), {
    workerData: shared.buffer,
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
  });
  watchdog.on("message", (message: FromWatchdog) => {
    if (message.kind === "watching") tell({ kind: "ready" });
    else if (message.kind === "interrupt") interruptCell(message.runId);
    else tellInterrupted(message.runId);
  });
  callOnDelay(() => {
    soon(flush);
    watchdog.postMessage("flush");
  });
}

/** Before timers belong to cells. */
const soon = setImmediate;

function tellMembers(id: number, names: readonly string[]): void {
  tell({ kind: "members", id, names });
}

function obey(message: ToExecutor): void {
  if (message.kind === "start") installGlobals(message.start);
  // what stops a cell must not stop the reading of the lines after its own
  else if (message.kind === "run") soon(runCell, message.runId, message.program);
  else if (message.kind === "comm") soon(receiveComm, message.message);
  else membersOf(message.expression, tellMembers.bind(null, message.id));
}

function listen(): void {
  const reader = lineReader((line) => {
    obey(JSON.parse(line) as ToExecutor);
  });
  new Socket({ fd: descriptors.toExecutor, readable: true, writable: false })
    .setEncoding("utf8")
    .on("data", reader)
    .on("error", () => undefined); // the watchdog sees that the parent is gone
}

installStackTraces();
connect();
startWatchdog();
installStreams();
installTimers();
installFlushingCalls();
process.on("uncaughtException", reportUncaught);
process.on("unhandledRejection", reportUncaught);
listen();
