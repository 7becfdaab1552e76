import { PlotError } from "./errors.ts";

/** A table as figures and pages take it: records, or a danfojs DataFrame (anything with `columns` and `values`). */
export type Table<Row extends object = object> =
  readonly Row[] | { readonly columns: readonly string[]; readonly values: readonly unknown[] };

/** A row whose columns are not yet checked. */
export type LooseRow = Readonly<Record<string, unknown>>;

/** The rows of a table as records, in order. */
export function recordsOf(table: Table): readonly LooseRow[] {
  if (!("columns" in table)) return table as readonly LooseRow[];
  const { columns, values } = table;
  return values.map((row) => Object.fromEntries(columns.map((name, at) => [name, (row as readonly unknown[])[at]])));
}

/** What a column holds. */
type ColumnKind = "string" | "string or null" | "boolean" | "number" | "number or null";

const missing = (value: unknown) => value === null || value === undefined || Number.isNaN(value);

function checkedCell(row: LooseRow, column: string, kind: ColumnKind): unknown {
  if (!(column in row)) {
    const found = Object.keys(row).join(", ");
    const message = `the table has the columns ${found} and no column "${column}". Add it; null where it is unknown.`;
    throw new PlotError("missing-column", message, { facts: { column, found } });
  }
  const value = missing(row[column]) ? null : row[column];
  if (kind.split(" or ").includes(value === null ? "null" : typeof value)) return value;
  const message = `column "${column}" holds ${JSON.stringify(value)} where a ${kind} is needed. Give ${kind}s there.`;
  throw new PlotError("wrong-column", message, { facts: { column, value } });
}

/**
 * The rows of a table with just the columns asked for, each checked; NaN, which danfojs keeps for missing, becomes null.
 * @throws {PlotError} `missing-column`, `wrong-column`
 */
export function checkedRows<Row extends object>(
  table: Table<Row>,
  columns: Readonly<Record<keyof Row & string, ColumnKind>>,
): readonly Row[] {
  const kinds = Object.entries<ColumnKind>(columns);
  return recordsOf(table).map(
    (row) => Object.fromEntries(kinds.map(([column, kind]) => [column, checkedCell(row, column, kind)])) as Row,
  );
}
