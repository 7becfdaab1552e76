import { parentPort, workerData } from "node:worker_threads";
import { typescript } from "../rewrite/typescript.ts";
import { createTaskQueue } from "./taskQueue.ts";
import { createTypeService } from "./typeService.ts";
import type { TypeAnswer, TypeReport, TypeTask, UrgentCount } from "./typeTask.ts";

/** The beginning of the thread that knows the types of one notebook. */

const { workingFolder, urgentCount } = workerData as { workingFolder: string; urgentCount: UrgentCount };

/** To start a check anew takes about as long, so that a shorter one is better finished. */
const breakableAfterMilliseconds = 100;

let startedAt = Infinity;
const isCancelled = () =>
  performance.now() - startedAt > breakableAfterMilliseconds && Atomics.load(urgentCount, 0) > 0;
const service = createTypeService({ workingFolder, isCancelled });
const queue = createTaskQueue();
let isScheduled = false;

const report = (said: TypeReport) => parentPort?.postMessage(said);
const answer = (task: TypeTask, value: TypeAnswer) => {
  if ("id" in task) report({ id: task.id, answer: value });
};

/** One task a turn, so that what has come meanwhile may go before the next. */
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(() => {
    isScheduled = false;
    const task = queue.shift();
    if (task === null) return;
    run(task);
    schedule();
  });
}

function run(task: TypeTask): void {
  try {
    answer(task, outcomeOf(task));
  } catch (error) {
    if (error instanceof typescript().OperationCanceledException) queue.putBack(task);
    else answer(task, noneOf(task)); // the compiler fails on some wrong code, and is fit for the next
  }
}

const noneOf = ({ kind }: TypeTask) => (kind === "check" ? [] : null);

function outcomeOf(task: TypeTask): TypeAnswer {
  switch (task.kind) {
    case "complete":
      return service.complete(task.code, task.position);
    case "inspect":
      return service.inspect(task.code, task.position, task.detailLevel ?? 0);
    case "check":
      return check(task);
    case "commit":
      service.commit(task.code);
      return null;
    case "forget":
      service.forget();
      return null;
  }
}

function check({ code, cellsCount }: Extract<TypeTask, { kind: "check" }>): string[] {
  startedAt = performance.now();
  try {
    return service.check(code, cellsCount);
  } finally {
    startedAt = Infinity;
  }
}

parentPort?.on("message", (task: TypeTask) => {
  if ("position" in task) Atomics.sub(urgentCount, 0, 1);
  for (const pointless of queue.push(task)) answer(pointless, noneOf(pointless));
  schedule();
});

// The first question loads the libraries; it is better asked by nobody.
setImmediate(() => {
  service.complete("console.log(1);\n", 16);
  service.inspect("console", 1, 0);
});
