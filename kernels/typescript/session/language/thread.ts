import type { Worker } from "node:worker_threads";
import type { TypeAnswer, TypeReport, TypeTask } from "./typeTask.ts";

/** The other end of the thread that knows the types. */
export interface TypeThread {
  /** Sends a task that has no answer. */
  tell(task: TypeTask): void;
  /** The answer to a task; null when the thread is lost. */
  ask(taskOf: (id: number) => TypeTask): Promise<TypeAnswer>;
  close(): Promise<void>;
}

/** Speaks with a worker; `onLost` is called once, when it ends by itself. */
export function connectThread(worker: Worker, onLost: (reason: string) => void): TypeThread {
  const waiting = new Map<number, (answer: TypeAnswer) => void>();
  let [lastId, isEnded] = [0, false];
  const end = (reason: string | null) => {
    if (isEnded) return;
    isEnded = true;
    for (const answer of waiting.values()) answer(null);
    waiting.clear();
    if (reason !== null) onLost(reason);
  };
  worker.on("message", ({ id, answer }: TypeReport) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  worker.on("error", (error) => {
    end(`${lost}: ${error.message}`);
  });
  worker.on("exit", (exitCode) => {
    end(`${lost}: it ended with code ${exitCode}`);
  });
  return {
    tell(task) {
      if (!isEnded) worker.postMessage(task);
    },
    ask(taskOf) {
      if (isEnded) return Promise.resolve(null);
      const id = ++lastId;
      worker.postMessage(taskOf(id));
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    async close() {
      end(null);
      await worker.terminate();
    },
  };
}

const lost =
  "The type service is lost, so cells run without type checking and completion until the kernel is restarted";
