import type { Cell } from "./cell.ts";
import type { FrameMembers } from "./dataFrame.ts";
import { FrameError } from "./errors.ts";

/** A frame, or anything that has its names and rows. */
export type FrameLike = Pick<FrameMembers, "columns" | "values">;

/** Whether a value of a frame is missing: null, or NaN, which danfojs writes. */
export function isMissing(value: Cell | undefined): value is null | undefined {
  return value === null || value === undefined || Number.isNaN(value);
}

/**
 * The values of one column, null where missing.
 * @throws {FrameError} `no-such-column`
 */
export function valuesOf({ columns, values }: FrameLike, column: string): Cell[] {
  const position = columns.indexOf(column);
  if (position === -1) {
    const message = `There is no column "${column}"; the frame has ${columns.join(", ") || "no columns"}. Name one of these.`;
    throw new FrameError("no-such-column", message, { facts: { column, columns } });
  }
  return values.map((row) => row[position]).map((value) => (isMissing(value) ? null : value));
}

/**
 * The numbers of one column, null where missing.
 * @throws {FrameError} `no-such-column`, `not-numbers`
 */
export function numbersOf(frame: FrameLike, column: string): (number | null)[] {
  return valuesOf(frame, column).map((value) => {
    if (value === null || typeof value === "number") return value;
    const message = `Column "${column}" holds ${JSON.stringify(value)}, and numbers are needed. Name a column of numbers.`;
    throw new FrameError("not-numbers", message, { facts: { column, value } });
  });
}

/** The rows of a frame as records; missing values are null. */
export function rowsOf({ columns, values }: FrameLike): Record<string, Cell>[] {
  return values.map((row) =>
    Object.fromEntries(columns.map((name, at) => [name, isMissing(row[at]) ? null : row[at]])),
  );
}
