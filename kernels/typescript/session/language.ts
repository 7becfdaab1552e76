import { Worker } from "node:worker_threads";
import type { MimeBundle } from "./cell.ts";
import type { TypedCompletion } from "./language/completionAt.ts";
import { connectThread } from "./language/thread.ts";
import type { UrgentCount, UrgentQuestion } from "./language/typeTask.ts";

export type { TypedCompletion };

/** What knows the types of the notebook. It never fails: when it is lost, it knows nothing. */
export interface Language {
  /** One text for each thing wrong with a cell. */
  check(code: string): Promise<readonly string[]>;
  /** The cell runs: later ones see what it declares. */
  commit(code: string): void;
  /** The executor is fresh: no cell has been. */
  forget(): void;
  /** What could stand at the cursor; null when newer questions came before. The first answer waits for the service to warm up. */
  complete(code: string, position: number): Promise<TypedCompletion | null>;
  /**
   * What stands at the cursor, or null.
   * @param detailLevel at 1 it also tells what a cell has written to declare it
   */
  inspect(code: string, position: number, detailLevel: number): Promise<MimeBundle | null>;
  /** Ends the thread. */
  close(): Promise<void>;
}

/** What a type service is for. */
export interface LanguageOptions {
  readonly workingFolder: string;
  /** Called once, when the service ended by itself. */
  readonly onLost: (reason: string) => void;
}

/** The compiler with Node's types needs half of it; a library with very large types can need more than all. */
const heapMegabytes = 280;

/** A type service in a thread of its own, which is warming up. */
export function startLanguage({ workingFolder, onLost }: LanguageOptions): Language {
  const urgentCount: UrgentCount = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(new URL("./language/worker.js", import.meta.url), {
    workerData: { workingFolder, urgentCount },
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    execArgv: [],
  });
  worker.unref();
  const thread = connectThread(worker, onLost);
  let cellsCount = 0;
  const askUrgently = (question: UrgentQuestion) => {
    Atomics.add(urgentCount, 0, 1);
    return thread.ask((id) => ({ ...question, id }));
  };
  return {
    check: async (code) =>
      ((await thread.ask((id) => ({ kind: "check", id, code, cellsCount }))) as readonly string[] | null) ?? [],
    commit(code) {
      cellsCount++;
      thread.tell({ kind: "commit", code });
    },
    forget() {
      cellsCount = 0;
      thread.tell({ kind: "forget" });
    },
    complete: async (code, position) =>
      (await askUrgently({ kind: "complete", code, position })) as TypedCompletion | null,
    inspect: async (code, position, detailLevel) =>
      (await askUrgently({ kind: "inspect", code, position, detailLevel })) as MimeBundle | null,
    close: () => thread.close(),
  };
}
