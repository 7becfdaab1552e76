import { Script } from "node:vm";
import type { SyntaxFault } from "./cellSyntaxError.ts";
import type { Mapping, Place } from "./sourceMap.ts";

const file = "cell";
const opening = "(async () => {";

/** What V8 finds wrong with the JavaScript of a cell, at its place in the cell; null when it compiles. */
export function compileFault(javascript: string, mappings: readonly Mapping[], code: string): SyntaxFault | null {
  try {
    new Script(`${opening}${javascript}\n})`, { filename: file });
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { place, length } = placeOf(error);
    return { message: error.message, start: offsetOf(sourceOf(place, mappings), code), length };
  }
}

/** V8 writes `file:line`, the line and a row of carets above the message. */
function placeOf({ stack = "" }: SyntaxError): { place: Place; length: number } {
  const [, line = "1", margin = "", carets = "^"] = /^cell:(\d+)\n.*\n(\s*)(\^+)/.exec(stack) ?? [];
  const column = line === "1" ? Math.max(0, margin.length - opening.length) : margin.length;
  return { place: { line: Number(line) - 1, column }, length: carets.length };
}

function sourceOf({ line, column }: Place, mappings: readonly Mapping[]): Place {
  const isBefore = (mapping: Mapping) => mapping.line < line || (mapping.line === line && mapping.column <= column);
  return mappings.findLast(isBefore)?.source ?? { line: 0, column: 0 };
}

function offsetOf({ line, column }: Place, code: string): number {
  const before = code.split("\n").slice(0, line);
  return before.reduce((offset, text) => offset + text.length + 1, 0) + column;
}
