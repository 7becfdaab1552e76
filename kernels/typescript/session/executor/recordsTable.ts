import { inspect } from "node:util";

const [mostRows, mostColumns, mostCellLength] = [100, 50, 200];

type PlainRecord = Readonly<Record<string, unknown>>;

function isPlainRecord(value: unknown): value is PlainRecord {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a value is a list of plain records, which a table shows best. */
export function isRecords(value: unknown): value is readonly PlainRecord[] {
  return Array.isArray(value) && value.length > 0 && value.slice(0, mostRows).every(isPlainRecord);
}

function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => names[character] ?? character);
}

function textOf(value: unknown): string {
  if (value === undefined) return "";
  const text =
    typeof value === "string" ? value : inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 100 });
  return text.length > mostCellLength ? text.slice(0, mostCellLength) + "…" : text;
}

function cellOf(value: unknown): string {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  return `<td${isNumber ? ' style="text-align: right"' : ""}>${escapeHtml(textOf(value))}</td>`;
}

/** An HTML table with a row for each record and a column for each key, as much as a person reads. */
export function recordsTable(records: readonly PlainRecord[]): string {
  const shown = records.slice(0, mostRows);
  const keys = [...new Set(shown.flatMap((record) => Object.keys(record)))];
  const columns = keys.slice(0, mostColumns);
  const head = columns.map((column) => `<th>${escapeHtml(column)}</th>`).join("");
  const rows = shown.map((record) => `<tr>${columns.map((column) => cellOf(record[column])).join("")}</tr>`);
  const cuts = [
    records.length > mostRows ? `the first ${mostRows} of ${records.length} rows` : "",
    keys.length > mostColumns ? `the first ${mostColumns} of ${keys.length} columns` : "",
  ].filter((cut) => cut !== "");
  const remark = cuts.length > 0 ? `<p>Shown: ${cuts.join(", ")}.</p>` : "";
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>${remark}`;
}
