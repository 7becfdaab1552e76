import type { TypeTask } from "./typeTask.ts";

/** Tasks in the order in which they are best done. */
export interface TaskQueue {
  /** Appends a task; what it makes pointless is returned and never done. */
  push(task: TypeTask): TypeTask[];
  /** Puts a check back that was broken off. */
  putBack(task: TypeTask): void;
  /** What is to be done now: first what changes the notebook, then what a person waits for, the newest first. */
  shift(): TypeTask | null;
}

/** A queue without tasks. */
export function createTaskQueue(): TaskQueue {
  let tasks: TypeTask[] = [];
  const take = (task: TypeTask | undefined) => {
    tasks = tasks.filter((other) => other !== task);
    return task ?? null;
  };
  return {
    push(task) {
      const pointless = tasks.filter((other) => isPointless(other, task));
      tasks = [...tasks.filter((other) => !pointless.includes(other)), task];
      return pointless;
    },
    putBack(task) {
      tasks = [task, ...tasks];
    },
    shift() {
      const change = tasks.find(({ kind }) => kind === "forget" || kind === "commit");
      return take(change ?? tasks.findLast(({ kind }) => kind !== "check") ?? tasks[0]);
    },
  };
}

/** A fresh notebook has no use for the old one's tasks; nobody looks at two completions. */
function isPointless(old: TypeTask, next: TypeTask): boolean {
  return next.kind === "forget" || (old.kind === next.kind && (next.kind === "complete" || next.kind === "inspect"));
}
