import { recordsOf, type LooseRow, type Table } from "../plot/index.ts";
import { escapeHtml, formatIn, formatQuantity, labelOf, scaleOf, unitOf, type Scale } from "../units/index.ts";

/** A column as people read it: a heading with the unit, and one text a row. */
interface Column {
  readonly heading: string;
  readonly isNumeric: boolean;
  readonly cells: readonly string[];
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** One unit for the whole column, the one that fits its largest number. */
function numericColumn(name: string, values: readonly unknown[]): Column {
  const unit = unitOf(name);
  const scale: Scale = scaleOf(Math.max(...values.filter(isNumber).map(Math.abs)), unit);
  const shown = (value: unknown) => {
    if (!isNumber(value)) return formatQuantity(null, name);
    const isName = Number.isInteger(value) && (unit === null || unit === "Index");
    return isName ? String(value) : formatIn(value, scale);
  };
  return { heading: labelOf(name, scale), isNumeric: true, cells: values.map(shown) };
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return formatQuantity(null, "");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether a text is a number with what stands beside numbers: `36.1 [35–36.5]`, `82 %`, a dash. */
const isFigure = (text: string): boolean => /^[–\d][\d.,\s[\]%–<]*$/.test(text);

function columnOf(name: string, rows: readonly LooseRow[]): Column {
  const values = rows.map((row) => (Number.isNaN(row[name]) ? null : row[name]));
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length > 0 && known.every(isNumber)) return numericColumn(name, values);
  const cells = values.map(cellText);
  return { heading: labelOf(name), isNumeric: known.length > 0 && cells.every(isFigure), cells };
}

function columnsOf(table: Table): readonly Column[] {
  const rows = recordsOf(table);
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].map((name) => columnOf(name, rows));
}

/** The rows of columns: the n-th cell of each. */
function rowsOf(columns: readonly Column[]): readonly (readonly string[])[] {
  return (columns[0]?.cells ?? []).map((_cell, at) => columns.map((column) => column.cells[at] ?? ""));
}

/** Said in each cell, because notebooks set all cells of a table flush right and know no style of ours. */
const textStyle = ' style="text-align:left"';

/** A table as HTML, numbers flush right and texts flush left. */
export function tableHtml(table: Table, caption = ""): string {
  const columns = columnsOf(table);
  const cell = (tag: "th" | "td") => (text: string, at: number) =>
    `<${tag}${columns[at]?.isNumeric ? ' class="number"' : textStyle}>${escapeHtml(text)}</${tag}>`;
  const head = columns
    .map(({ heading }) => heading)
    .map(cell("th"))
    .join("");
  const body = rowsOf(columns).map((cells) => `<tr>${cells.map(cell("td")).join("")}</tr>`);
  const title = caption === "" ? "" : `<caption>${escapeHtml(caption)}</caption>`;
  return `<table class="numalab-table">${title}<thead><tr>${head}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table>`;
}

const markdownCell = (text: string) => text.replace(/[\\|]/g, "\\$&").replaceAll("<", "&lt;").replaceAll("\n", "<br>");

/** A table as GitHub-flavoured Markdown. */
export function tableMarkdown(table: Table): string {
  const columns = columnsOf(table);
  const line = (cells: readonly string[]) => `| ${cells.map(markdownCell).join(" | ")} |`;
  const rule = `|${columns.map(({ isNumeric }) => (isNumeric ? "---:" : "---")).join("|")}|`;
  return [line(columns.map(({ heading }) => heading)), rule, ...rowsOf(columns).map(line)].join("\n");
}
