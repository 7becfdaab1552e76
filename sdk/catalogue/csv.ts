import { CatalogueError } from "./errors.ts";

/** The text of a file, with the path to name in errors. */
export interface CsvFile {
  readonly path: string;
  readonly text: string;
}

/** One row and the line it begins on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** One cell, quoted or plain, and what ends it. */
const cellPattern = /(?:"(?<quoted>[^"]*(?:""[^"]*)*)"|(?<plain>[^",\r\n]*))(?<end>,|\r?\n|$)/y;

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}

/**
 * The rows of a comma-separated text, the header among them.
 * @throws {CatalogueError} `bad-row` where a quote is not closed or stands inside a plain cell
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function parseCsv({ path, text }: CsvFile): CsvRow[] {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let begin = 1;
  let line = 1;
  let index = 0;
  let end = "";
  while (index < text.length || end === ",") {
    cellPattern.lastIndex = index;
    const match = cellPattern.exec(text);
    if (match?.groups === undefined) {
      const message = `${path} line ${line}: a quote is out of place; needed quotes around the whole cell and doubled inside it. Mend the line.`;
      throw new CatalogueError("bad-row", message, { facts: { path, line } });
    }
    const { quoted, plain = "" } = match.groups;
    end = match.groups["end"] ?? "";
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    index += match[0].length;
    line += linesIn(match[0]);
    if (end === ",") continue;
    rows.push({ line: begin, cells });
    cells = [];
    begin = line;
  }
  return rows;
}
