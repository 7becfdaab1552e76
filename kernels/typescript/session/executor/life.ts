import { startExecutorProcess, type ExecutorProcess, type ExecutorProcessOptions } from "./executorProcess.ts";
import type { ExecutorSettings } from "./wire.ts";

/** How one process came to its end. */
export interface Death {
  readonly reason: string;
  /** Whether it had been up, and so had variables to lose. */
  readonly wasUp: boolean;
}

/** One process that runs cells, from its start to its end. */
export interface Life {
  readonly process: ExecutorProcess;
  /** Null once it is up; the reason when it has ended before. */
  readonly isUp: Promise<string | null>;
}

/** What a life is started with, and whom it tells. */
export type LifeOptions = Pick<ExecutorProcessOptions, "workingFolder" | "command" | "onMessage" | "onText"> & {
  readonly settings: ExecutorSettings;
  readonly onDeath: (death: Death) => void;
};

/** What Node says when it dies while a debugger, which is what runs cells, is attached. */
const farewell = "Waiting for the debugger to disconnect...\n";
/** So much of stderr is kept, to tell why a process ended. */
const lastWordsLength = 4000;

function reasonFrom(reason: string, lastWords: string, wasUp: boolean): string {
  if (lastWords.includes("JavaScript heap out of memory"))
    return `${reason}: it ran out of memory for JavaScript values`;
  return wasUp || lastWords.trim() === "" ? reason : `${reason}: ${lastWords.trim()}`;
}

/** A process that is starting, with the settings that cells of earlier ones chose. */
export function beginLife({ settings, onDeath, onMessage, onText, ...options }: LifeOptions): Life {
  let lastWords = "";
  let wasUp = false;
  let tellUp!: (fault: string | null) => void;
  const isUp = new Promise<string | null>((resolve) => (tellUp = resolve));
  const process = startExecutorProcess({
    ...options,
    onMessage(message, length) {
      if (message.kind !== "ready") {
        onMessage(message, length);
        return;
      }
      wasUp = true;
      tellUp(null);
    },
    onText(name, written) {
      const text = written.replace(farewell, "");
      if (name === "stderr") lastWords = (lastWords + text).slice(-lastWordsLength);
      if (text !== "") onText(name, text);
    },
    onEnd(end) {
      const reason = reasonFrom(end, lastWords, wasUp);
      tellUp(reason);
      onDeath({ reason, wasUp });
    },
  });
  process.send({ kind: "start", start: { settings, command: options.command } });
  return { process, isUp };
}
