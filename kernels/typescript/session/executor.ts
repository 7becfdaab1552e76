import type { Binder } from "../../../sdk/launch/index.ts";
import type { CellEvent, CellOutcome, CommMessage } from "./cell.ts";
import { ExecutorHandle } from "./executor/handle.ts";
import type { BindingRequest } from "./globals.ts";

/** Code as the executor evaluates it. */
export interface Program {
  /** For V8's REPL mode; it hands its last expression to `__numalab.result`. */
  readonly javascript: string;
  /** As it was written, for the lines that errors show. */
  readonly code: string;
}

/** A cell as the executor runs it. */
export interface CellProgram extends Program {
  readonly cellId: number;
  readonly executionCount: number;
  /** What to evaluate after it, by name. */
  readonly expressions: Readonly<Record<string, Program>>;
  readonly isSilent: boolean;
}

/** What a cell asks of the session by its `kernel` object. */
export type ExecutorRequest =
  | { readonly kind: "settings"; readonly typeChecking: "off" | "warn" | "error"; readonly showTime: boolean }
  | { readonly kind: "restart"; readonly binding: BindingRequest | null };

/** What an executor needs to know, and whom it tells. */
export interface ExecutorOptions {
  /** Imports are resolved from here. */
  readonly workingFolder: string;
  /** The command that binds the process; may be empty. */
  readonly command: readonly string[];
  /** What binds it where no command does. */
  readonly bind?: Binder;
  /** No more output is read while its promise is pending. */
  readonly onEvent: (cellId: number, event: CellEvent) => void | Promise<void>;
  readonly onRequest: (request: ExecutorRequest) => void;
  /** The process has ended by itself or had to be replaced: all variables are gone. Called before the cell's outcome is told. */
  readonly onLost: (reason: string) => void;
}

/** The process that runs cells, and its successors. */
export interface Executor {
  /** How the cell ended, after all its output; never rejects. One at a time. */
  run(program: CellProgram): Promise<CellOutcome>;
  /** Stops the running cell; without one nothing happens. */
  interrupt(): void;
  /** The reply to an `ask`; null when nobody can be asked. */
  answer(text: string | null): void;
  /** The names of the members of a value, found without side effects; none when the executor is busy. */
  membersOf(expression: string): Promise<readonly string[]>;
  comm(message: CommMessage): void;
  /** That of the process which runs cells now; 0 when there is none. */
  readonly processId: number;
  /**
   * Ends the process with all that it started, and starts another, which is up when the promise resolves.
   * @throws {Error} when it does not start
   */
  restart(command: readonly string[], bind?: Binder): Promise<void>;
  /** Ends the process with all that it started. */
  close(): Promise<void>;
}

/** An executor that is starting; `run` waits until it is up. */
export function startExecutor(options: ExecutorOptions): Executor {
  return new ExecutorHandle(options);
}
