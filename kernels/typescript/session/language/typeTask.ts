import type { MimeBundle } from "../cell.ts";
import type { TypedCompletion } from "./completionAt.ts";

/** What is asked of the thread that knows the types; a task with an `id` is answered. */
export type TypeTask =
  | { readonly kind: "forget" }
  | { readonly kind: "commit"; readonly code: string }
  | { readonly kind: "check"; readonly id: number; readonly code: string; readonly cellsCount: number }
  | { readonly kind: "complete" | "inspect"; readonly id: number; readonly code: string; readonly position: number };

/** The outcome of a task. */
export type TypeAnswer = readonly string[] | TypedCompletion | MimeBundle | null;

/** What the thread says: the answer to a task. */
export interface TypeReport {
  readonly id: number;
  readonly answer: TypeAnswer;
}

/** The memory that both threads see: how many urgent tasks were sent and not yet received. */
export type UrgentCount = Int32Array<SharedArrayBuffer>;
