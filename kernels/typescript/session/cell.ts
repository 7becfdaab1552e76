/** A value in several forms, by MIME type. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** One cell to be run. */
export interface Cell {
  /** Unlike any other of this session; output names its cell by it, however late it comes. */
  readonly id: number;
  /** What the front end shows beside it, as in `In[3]`. */
  readonly executionCount: number;
  readonly code: string;
  /** A silent cell shows no result. */
  readonly isSilent: boolean;
  /** Expressions to evaluate after it, by a name of the caller's choice. */
  readonly expressions: Readonly<Record<string, string>>;
}

/** An error as a person reads it: positions are those of cells, and no frame is the kernel's own. */
export interface CellError {
  readonly name: string;
  readonly message: string;
  readonly traceback: readonly string[];
}

/** What became of one expression. */
export type ExpressionOutcome = { readonly data: MimeBundle } | { readonly error: CellError };

/** How a cell ended. */
export type CellOutcome =
  | { readonly status: "ok"; readonly expressions: Readonly<Record<string, ExpressionOutcome>> }
  | { readonly status: "error"; readonly error: CellError };

/** A message of a comm, the channel between a widget of the front end and its twin in a cell. */
export interface CommMessage {
  readonly type: "open" | "msg" | "close";
  readonly commId: string;
  /** Only of an `open`. */
  readonly targetName?: string;
  readonly data: unknown;
  readonly metadata?: MimeBundle;
}

/** What comes out of a cell, while it runs and later. */
export type CellEvent =
  | { readonly kind: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | { readonly kind: "result"; readonly data: MimeBundle; readonly metadata: MimeBundle }
  | {
      readonly kind: "display";
      readonly data: MimeBundle;
      readonly metadata: MimeBundle;
      readonly displayId: string;
      /** Whether it replaces what was shown under this id before. */
      readonly isUpdate: boolean;
    }
  | { readonly kind: "clear"; readonly wait: boolean }
  | { readonly kind: "page"; readonly data: MimeBundle }
  | { readonly kind: "ask"; readonly prompt: string }
  | { readonly kind: "comm"; readonly message: CommMessage }
  /** What nobody caught: in a timer, say, or of a promise that nobody awaits. */
  | { readonly kind: "uncaught"; readonly error: CellError }
  /** The process that runs cells is another one: variables and comms are gone. */
  | { readonly kind: "fresh" }
  /** A type error or a remark of the kernel, shown in the cell. */
  | { readonly kind: "remark"; readonly text: string };
