import { inspect, types } from "node:util";
import type { CellError } from "../cell.ts";
import { currentCellId, KeyboardInterrupt } from "./cellContext.ts";
import { tell } from "./outbox.ts";
import { lineAt, type Position } from "./sources.ts";
import { writtenFrames } from "./stackTrace.ts";

const [mostExcerpts, mostCauses, mostMembers, mostLineLength] = [4, 8, 10, 200];
const ownFields = new Set(["name", "message", "stack", "cause", "errors"]);

function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

function excerptOf(position: Position): string[] {
  const line = lineAt(position);
  if (line === null || line.length > mostLineLength) return [];
  const number = `    ${position.line} | `;
  return [number + line, `${" ".repeat(number.length - 2)}| ${" ".repeat(Math.max(0, position.column - 1))}^`];
}

function positionOf(frame: string): Position | null {
  const [, file, line, column] = /((?:In|Expression)\[\d+\]|\/[^()]*?):(\d+):(\d+)\)?$/.exec(frame) ?? [];
  return file === undefined ? null : { file, line: Number(line), column: Number(column) };
}

/** Frames, with those of a recursion only twice. */
function foldRepeated(frames: readonly string[]): string[] {
  const isRepeated = (index: number) => frames[index] === frames[index - 1] && frames[index] === frames[index - 2];
  const folded = frames.filter((_, index) => !isRepeated(index));
  const count = frames.length - folded.length;
  if (count === 0) return folded;
  return [...folded, `    … and ${count} more frames of a recursion`];
}

/** The frames of an error, with the lines of the first few that a person has written. */
function framesOf(error: Error): string[] {
  const frames = writtenFrames(typeof error.stack === "string" ? error.stack : "");
  let excerptsLeft = mostExcerpts;
  return foldRepeated(frames).flatMap((frame) => {
    const position = excerptsLeft > 0 ? positionOf(frame) : null;
    const excerpt = position === null ? [] : excerptOf(position);
    if (excerpt.length > 0) excerptsLeft--;
    return [frame, ...excerpt];
  });
}

function headOf(value: unknown): string {
  if (!isError(value)) return inspect(value, { depth: 2 });
  return value.message === "" ? nameOf(value) : `${nameOf(value)}: ${value.message}`;
}

function nameOf(error: Error): string {
  return typeof error.name === "string" && error.name !== "" ? error.name : "Error";
}

function fieldsOf(error: Error): string[] {
  const fields = Object.entries(error).filter(([name]) => !ownFields.has(name));
  return fields.length === 0 ? [] : inspect(Object.fromEntries(fields), { depth: 2, breakLength: 100 }).split("\n");
}

function membersOf(error: Error, depth: number): string[] {
  const members: unknown = Reflect.get(error, "errors");
  if (!Array.isArray(members)) return [];
  const shown = members.slice(0, mostMembers).flatMap((member: unknown, index) => {
    const [head = "", ...rest] = linesOf(member, depth + 1);
    return [`Error ${index + 1} of ${members.length}: ${head}`, ...rest].map((line) => `  ${line}`);
  });
  return members.length > mostMembers ? [...shown, `  … ${members.length - mostMembers} more errors`] : shown;
}

function linesOf(value: unknown, depth: number): string[] {
  if (!isError(value)) return headOf(value).split("\n");
  const own = [...headOf(value).split("\n"), ...framesOf(value), ...fieldsOf(value)];
  if (depth >= mostCauses) return [...own, "…"];
  const lines = [...own, ...membersOf(value, depth)];
  if (value.cause === undefined) return lines;
  const [head = "", ...rest] = linesOf(value.cause, depth + 1);
  return [...lines, `Caused by ${head}`, ...rest];
}

function describe(thrown: unknown): CellError {
  if (isError(thrown)) return { name: nameOf(thrown), message: thrown.message, traceback: linesOf(thrown, 0) };
  const message = inspect(thrown, { depth: 2 });
  const remark = "    (not an Error, so it does not know where it was thrown)";
  return { name: "Thrown", message, traceback: [`Thrown: ${message}`, remark] };
}

/** What a cell threw, as a person reads it. */
export function cellErrorOf(thrown: unknown): CellError {
  try {
    return describe(thrown);
  } catch (fault) {
    const message = `something was thrown that cannot be shown: ${isError(fault) ? fault.message : typeof fault}`;
    return { name: "Thrown", message, traceback: [`Thrown: ${message}`] };
  }
}

/** A cell that V8 could not read, with the place. */
export function syntaxErrorAt(message: string, position: Position): CellError {
  const place = `    at ${position.file}:${position.line}:${position.column}`;
  return { name: "SyntaxError", message, traceback: [`SyntaxError: ${message}`, place, ...excerptOf(position)] };
}

/** Tells an error that nobody waits for, with the cell that caused it. */
export function reportUncaught(thrown: unknown): void {
  if (thrown instanceof KeyboardInterrupt) return; // what is left of a cell that was interrupted ends so
  tell({ kind: "event", cellId: currentCellId(), event: { kind: "uncaught", error: cellErrorOf(thrown) } });
}
