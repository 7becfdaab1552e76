/** A stretch of code; offsets count UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/** Where a stretch of code stands, and how to show it. */
export interface CodeFrame {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The line, and tildes below the stretch. */
  readonly text: string;
}

const longestLine = 160;
const margin = "    ";

/** The line of a stretch, with the stretch underlined as far as that line goes; a long line is cut around it. */
export function codeFrame(code: string, { start, length }: Span): CodeFrame {
  const at = Math.min(Math.max(start, 0), code.length);
  const lineStart = code.lastIndexOf("\n", at - 1) + 1;
  const lineEnd = code.indexOf("\n", at);
  const line = code.slice(lineStart, lineEnd === -1 ? code.length : lineEnd).trimEnd();
  const column = at - lineStart;
  const from = line.length > longestLine ? Math.max(0, Math.min(column, line.length) - longestLine / 2) : 0;
  const shown = line.slice(from, from + longestLine);
  const indent = shown
    .slice(0, column - from)
    .replace(/[^\t]/g, " ")
    .padEnd(column - from);
  const width = Math.max(1, Math.min(length, shown.length - (column - from)));
  return {
    line: code.slice(0, lineStart).split("\n").length,
    column: column + 1,
    text: `${margin}${shown}\n${margin}${indent}${"~".repeat(width)}`,
  };
}
