import type { CellError } from "../cell.ts";
import { codeFrame, type Span } from "./codeFrame.ts";

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

/** The error that shows a fault in the cell `In[n]`. */
export function syntaxError(fault: SyntaxFault, { code, executionCount }: { code: string; executionCount: number }) {
  const { line, column, text } = codeFrame(code, fault);
  const position = `In[${executionCount}]:${line}:${column}`;
  const traceback = [`SyntaxError: ${fault.message}`, `    at ${position}`, ...text.split("\n")];
  return new CellSyntaxError({ name: "SyntaxError", message: `${fault.message} (${position})`, traceback });
}
