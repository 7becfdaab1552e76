/** A place in a text; both count from 0, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place that an offset of a text stands for; null when there is none. */
export type Locate = (offset: number) => Place | null;

/** One place of the made text, and where it comes from. */
export interface Mapping extends Place {
  readonly source: Place;
}

/** The lines and columns of a text's own offsets. Quick when asked for rising offsets. */
export function lineLocator(text: string): (offset: number) => Place {
  const starts = lineStarts(text);
  let line = 0;
  return (offset) => {
    if (offset < (starts[line] ?? 0)) line = 0;
    while (line + 1 < starts.length && (starts[line + 1] ?? Infinity) <= offset) line++;
    return { line, column: offset - (starts[line] ?? 0) };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The places that a source map, as the compiler writes it, gives to the offsets of its text. */
export function readMappings(sourceMap: string, text: string): Locate {
  const { mappings } = JSON.parse(sourceMap) as { readonly mappings: string };
  const lines = decodeLines(mappings);
  const placeOf = lineLocator(text);
  return (offset) => {
    const { line, column } = placeOf(offset);
    return (lines[line] ?? []).findLast((mapping) => mapping.column <= column)?.source ?? null;
  };
}

function decodeLines(mappings: string): Mapping[][] {
  let [sourceLine, sourceColumn] = [0, 0];
  return mappings.split(";").map((segments, line) => {
    let column = 0;
    return segments.split(",").flatMap((segment) => {
      const [columnStep = 0, , lineStep, sourceColumnStep] = decodeNumbers(segment);
      column += columnStep;
      if (lineStep === undefined || sourceColumnStep === undefined) return [];
      sourceLine += lineStep;
      sourceColumn += sourceColumnStep;
      return [{ line, column, source: { line: sourceLine, column: sourceColumn } }];
    });
  });
}

/**
 * A source map of one source, as a comment.
 * @param mappings in the order of the text
 * @see https://tc39.es/ecma426/
 */
export function formatSourceMap(mappings: readonly Mapping[], source: string): string {
  const map = { version: 3, sources: [source], names: [], mappings: encodeMappings(mappings) };
  const data = Buffer.from(JSON.stringify(map)).toString("base64");
  return `//# sourceMappingURL=data:application/json;base64,${data}`;
}

function encodeMappings(mappings: readonly Mapping[]): string {
  let [line, column, sourceLine, sourceColumn] = [0, 0, 0, 0];
  let text = "";
  for (const mapping of mappings) {
    const isNewLine = mapping.line > line;
    text += isNewLine ? ";".repeat(mapping.line - line) : text === "" ? "" : ",";
    const { source } = mapping;
    const steps = [
      mapping.column - (isNewLine ? 0 : column),
      0,
      source.line - sourceLine,
      source.column - sourceColumn,
    ];
    text += steps.map(encodeNumber).join("");
    ({ line, column } = mapping);
    ({ line: sourceLine, column: sourceColumn } = source);
  }
  return text;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 digits of five bits, lowest first; the sixth bit says that more follow, the lowest of all is the sign. */
function encodeNumber(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = "";
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += digits.charAt(rest > 0 ? digit + 32 : digit);
  } while (rest > 0);
  return text;
}

function decodeNumbers(segment: string): number[] {
  const numbers: number[] = [];
  let [value, weight] = [0, 1];
  for (const character of segment) {
    const digit = digits.indexOf(character);
    value += (digit % 32) * weight;
    weight *= 32;
    if (digit >= 32) continue;
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    [value, weight] = [0, 1];
  }
  return numbers;
}
