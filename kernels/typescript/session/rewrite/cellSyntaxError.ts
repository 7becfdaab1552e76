import type { CellError } from "../cell.ts";
import { codeFrame, type Span } from "./codeFrame.ts";
import { sourceName } from "../sourceName.ts";

/** A cell that is no program. */
export class CellSyntaxError extends Error {
  /** The error as a person reads it. */
  readonly error: CellError;

  constructor(error: CellError) {
    super(error.message);
    this.name = "CellSyntaxError";
    this.error = error;
  }
}

/** Why and where a cell is no program. */
export interface SyntaxFault extends Span {
  readonly message: string;
}

/** A text of the person's own, and what its name is made of. */
export interface NamedText {
  readonly executionCount: number;
  readonly code: string;
  /** A cell when it is left out. */
  readonly kind?: "In" | "Expression";
}

/** The error that shows a fault in a cell or an expression. */
export function syntaxError(fault: SyntaxFault, { code, executionCount, kind }: NamedText) {
  const { line, column, text } = codeFrame(code, fault);
  const position = `${sourceName(executionCount, kind)}:${line}:${column}`;
  const traceback = [`SyntaxError: ${fault.message}`, `    at ${position}`, ...text.split("\n")];
  return new CellSyntaxError({ name: "SyntaxError", message: `${fault.message} (${position})`, traceback });
}
