import type { MimeBundle } from "../cell.ts";
import type { TypedCompletion } from "./completionAt.ts";

/** What is asked of the thread that knows the types; a task with an `id` is answered. */
export type TypeTask =
  | { readonly kind: "forget" }
  | { readonly kind: "commit"; readonly code: string }
  | { readonly kind: "check"; readonly id: number; readonly code: string; readonly cellsCount: number }
  | (UrgentQuestion & { readonly id: number });

/** What a person waits for; only an inspection has a level of detail. */
export interface UrgentQuestion {
  readonly kind: "complete" | "inspect";
  readonly code: string;
  readonly position: number;
  readonly detailLevel?: number;
}

/** The outcome of a task. */
export type TypeAnswer = readonly string[] | TypedCompletion | MimeBundle | null;

/** What the thread says: the answer to a task. */
export interface TypeReport {
  readonly id: number;
  readonly answer: TypeAnswer;
}

/** The memory that both threads see: how many urgent tasks were sent and not yet received. */
export type UrgentCount = Int32Array<SharedArrayBuffer>;
