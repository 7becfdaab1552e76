import { createReadStream } from "node:fs";
import type { LineFault } from "./fault.ts";
import { parseRun, type Run } from "./run.ts";

const newline = 0x0a;

/** One line of a file. */
export interface Line {
  readonly text: string;
  /** Counted from 1, as editors do. */
  readonly number: number;
  /** Where it begins. */
  readonly offsetBytes: number;
  /** False for a last line without its newline. */
  readonly isClosed: boolean;
}

/** The lines of a file, one after another. Not node:readline, which also breaks lines at U+2028. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 1;
  let offsetBytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      yield { text: rest.toString("utf8", 0, end), number, offsetBytes, isClosed: true };
      rest = rest.subarray(end + 1);
      number += 1;
      offsetBytes += end + 1;
    }
  }
  if (rest.length > 0) yield { text: rest.toString(), number, offsetBytes, isClosed: false };
}

/** The run that the line holds, or its fault; neither for an empty line. */
export function parseLine(line: Line): { run: Run | null; fault: LineFault | null } {
  if (line.text.trim() === "") return { run: null, fault: null };
  const value = parseJson(line.text);
  if (value === undefined) return faultOf(line, line.isClosed ? "invalid-line" : "torn-line", "no JSON");
  const schema = newerSchemaOf(value);
  if (schema !== null) return faultOf(line, "future-schema", schema);
  const { run, problem } = parseRun(value);
  return run === null ? faultOf(line, "invalid-line", problem) : { run, fault: null };
}

function faultOf(line: Line, code: LineFault["code"], found: string): { run: null; fault: LineFault } {
  return { run: null, fault: { code, line, found } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function newerSchemaOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("schema" in value)) return null;
  const { schema } = value;
  return typeof schema === "string" && /^run\/([2-9]|\d{2,})$/.test(schema) ? schema : null;
}
