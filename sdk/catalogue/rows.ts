import type { z } from "zod";
import { parseCsv, type CsvFile, type CsvRow } from "./csv.ts";
import { CatalogueError } from "./errors.ts";

function badRow(path: string, line: number, fault: string): CatalogueError {
  const message = `${path} line ${line}: ${fault}. Mend that line.`;
  return new CatalogueError("bad-row", message, { facts: { path, line } });
}

/**
 * The rows of a table that has a header, each turned into what the schema makes of it.
 * @throws {CatalogueError} `bad-row` with path and line
 */
export function parseRows<Row>(schema: z.ZodType<Row>, file: CsvFile): Row[] {
  const [header, ...rows] = parseCsv(file);
  const columns = header?.cells ?? [];
  const rowOf = ({ line, cells }: CsvRow): Row => {
    if (cells.length !== columns.length) {
      throw badRow(file.path, line, `it has ${cells.length} cells; needed ${columns.length}`);
    }
    const texts = Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
    const parsed = schema.safeParse(texts);
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues.map(({ path: [column], message }) => {
      return column === undefined
        ? message
        : `${String(column)} is ${JSON.stringify(texts[String(column)])}; ${message}`;
    });
    throw badRow(file.path, line, faults.join("; "));
  };
  return rows.map(rowOf);
}
