import type { CellError, CellOutcome } from "./cell.ts";
import { CellSyntaxError } from "./rewrite.ts";

/** An error as a cell shows it. */
export function errorOf(thrown: unknown): CellError {
  if (thrown instanceof CellSyntaxError) return thrown.error;
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { name, message, traceback: [`${name}: ${message}`] };
}

/** The outcome of a cell that ended with this error. */
export function failed(error: CellError): CellOutcome {
  return { status: "error", error };
}

/** The error of a cell that its types kept from running. */
export function typeCheckError(traceback: readonly string[]): CellError {
  return { name: "TypeCheckError", message: "the cell was not run, because its types do not fit", traceback };
}

/** The error of a cell that was interrupted before it came to run. */
export function earlyInterrupt(): CellError {
  const [name, message] = ["KeyboardInterrupt", "the cell was interrupted before it ran"];
  return { name, message, traceback: [`${name}: ${message}`] };
}
