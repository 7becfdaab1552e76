import type { Warning } from "../errors.ts";
import { escapeHtml, formatIn, labelOf, type Scale, scaleOf, unitOf } from "../units/index.ts";
import type { Cell } from "./cell.ts";
import { isMissing } from "./column.ts";
import type { FrameMembers } from "./dataFrame.ts";

/** What is shown of a frame. */
export type ShownFrame = Pick<FrameMembers, "columns" | "index" | "values"> & { readonly caveats?: readonly Warning[] };

/** The unit in which a whole column is shown: the one that fits its largest number. */
function columnScale(name: string, values: readonly (Cell | undefined)[]): Scale {
  const sizes = values.filter((value) => Number.isFinite(value)).map((value) => Math.abs(Number(value)));
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  return scaleOf(largest, unitOf(name));
}

/** The heading of a column; a name that is nothing but its unit, such as `bytesPerSecond`, has the scale added. */
function headingOf(name: string, scale: Scale): string {
  const label = labelOf(name, scale);
  return scale.factor === 1 || label.endsWith(`(${scale.symbol})`) ? label : `${label} (${scale.symbol})`;
}

/** A number without a unit in its name is anything, so it keeps six digits, and a whole number all. */
function numberText(value: number, { name, scale }: { readonly name: string; readonly scale: Scale }): string {
  if (!Number.isFinite(value)) return String(value);
  if (unitOf(name) !== null) return formatIn(value, scale);
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
}

function cellHtml(value: Cell | undefined, column: { readonly name: string; readonly scale: Scale }): string {
  if (isMissing(value)) return "<td>–</td>";
  if (typeof value === "number") return `<td>${numberText(value, column)}</td>`;
  return `<td style="text-align:left;white-space:pre-line">${escapeHtml(String(value))}</td>`;
}

/** A frame as an HTML table, units in its headings; only the first `maxRowsCount` rows, 50 unless said. */
export function frameHtml(frame: ShownFrame, { maxRowsCount = 50 }: { readonly maxRowsCount?: number } = {}): string {
  const rows = frame.values.slice(0, maxRowsCount);
  const columns = frame.columns.map((name, at) => {
    const shown = rows.map((row) => row[at]);
    return { name, scale: columnScale(name, shown) };
  });
  const heads = ["", ...columns.map(({ name, scale }) => headingOf(name, scale))];
  const body = rows.map((row, i) => {
    const cells = columns.map((column, at) => cellHtml(row[at], column));
    return `<tr><th>${escapeHtml(String(frame.index[i]))}</th>${cells.join("")}</tr>`;
  });
  const isCut = rows.length < frame.values.length;
  return [
    `<table class="dataframe"><thead><tr>${heads.map((head) => `<th>${escapeHtml(head)}</th>`).join("")}</tr></thead>`,
    `<tbody>${body.join("")}</tbody></table>`,
    ...(isCut ? [`<p>${rows.length} of ${frame.values.length} rows shown</p>`] : []),
    ...(frame.caveats ?? []).map(({ message, advice }) => `<p>⚠ ${escapeHtml(`${message} ${advice}`)}</p>`),
  ].join("");
}
