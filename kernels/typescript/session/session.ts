import type { Cell, CellEvent, CellOutcome, CommMessage, MimeBundle } from "./cell.ts";
import type { BindingRequest } from "./globals.ts";

/** What could stand where the cursor is. Positions are UTF-16 offsets in the code. */
export interface Completion {
  readonly matches: readonly string[];
  /** The kind of each match, such as `function`, in the same order. */
  readonly kinds: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** Whether code can be run as it stands. */
export type Completeness =
  { readonly status: "complete" | "invalid" } | { readonly status: "incomplete"; readonly indent: string };

/** What a session needs to know. */
export interface SessionOptions {
  /** Imports are resolved from here. */
  readonly workingFolder: string;
  readonly binding: BindingRequest;
  /** Called in the order of the events. No more output is read while the promise of an earlier one is pending. */
  readonly onEvent: (cellId: number, event: CellEvent) => void | Promise<void>;
}

/** A place where cells run one after another, sharing their variables. It knows nothing of Jupyter. */
export interface Session {
  /** How the cell ended; never rejects. One at a time. */
  run(cell: Cell): Promise<CellOutcome>;
  /** Resolves when everything is told that the types of the cells so far give to tell. */
  checked(): Promise<void>;
  /** Stops the running cell; its variables stay, if it can be stopped at all. */
  interrupt(): void;
  /** The reply to an `ask`; null when nobody can be asked. */
  answer(text: string | null): void;
  complete(code: string, position: number): Promise<Completion>;
  /** What stands at the cursor; null when nothing is known about it. */
  inspect(code: string, position: number, detailLevel: number): Promise<MimeBundle | null>;
  isComplete(code: string): Completeness;
  /** Hands a message of the front end to its comm. */
  comm(message: CommMessage): void;
  /** Ends every process of this session. */
  close(): Promise<void>;
}
