import { textIn, type JsonObject } from "../protocol/messages.ts";

/** The cells of this kernel, as front ends ask for them. */
export interface History {
  add(line: number, input: string): void;
  /** Keeps what a cell has shown as its result. */
  setOutput(line: number, output: string): void;
  /** The entries that the content of a `history_request` asks for. */
  select(request: JsonObject): readonly HistoryEntry[];
}

/** Session, line and input; with outputs asked for, input and output in place of the input. */
export type HistoryEntry = readonly [session: number, line: number, input: string | readonly [string, string | null]];

interface Line {
  readonly line: number;
  readonly input: string;
  output: string | null;
}

/** Longer results are not kept. */
const keptOutputLength = 10_000;
/** This kernel remembers no session but its own. */
const ownSession = 1;

/** A pattern with the wildcards `*` and `?` as a regular expression. */
function globOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, "[^]*").replace(/\?/g, "[^]")}$`, "u");
}

const numberIn = (request: JsonObject, name: string): number | null =>
  typeof request[name] === "number" ? request[name] : null;

function lastOf(lines: readonly Line[], request: JsonObject): readonly Line[] {
  const count = numberIn(request, "n");
  if (count === null) return lines;
  return count > 0 ? lines.slice(-count) : [];
}

function rangeOf(lines: readonly Line[], request: JsonObject): readonly Line[] {
  const session = numberIn(request, "session") ?? 0;
  const [start, stop] = [numberIn(request, "start") ?? 1, numberIn(request, "stop") ?? Infinity];
  if (session !== 0 && session !== ownSession) return [];
  return lines.filter(({ line }) => line >= start && line < stop);
}

function searchIn(lines: readonly Line[], request: JsonObject): readonly Line[] {
  const pattern = globOf(textIn(request, "pattern"));
  const found = lines.filter(({ input }) => pattern.test(input));
  const last = new Map(found.map((line) => [line.input, line]));
  return lastOf(request["unique"] === true ? found.filter((line) => last.get(line.input) === line) : found, request);
}

const selections = new Map([
  ["tail", lastOf],
  ["range", rangeOf],
  ["search", searchIn],
]);

/** An empty history. */
export function createHistory(): History {
  const lines: Line[] = [];
  return {
    add(line, input) {
      lines.push({ line, input, output: null });
    },
    setOutput(line, output) {
      const found = lines.at(-1);
      if (found?.line === line && output.length <= keptOutputLength) found.output = output;
    },
    select(request) {
      const selected = selections.get(textIn(request, "hist_access_type"))?.(lines, request) ?? [];
      const withOutput = request["output"] === true;
      return selected.map(({ line, input, output }) => [ownSession, line, withOutput ? [input, output] : input]);
    },
  };
}
