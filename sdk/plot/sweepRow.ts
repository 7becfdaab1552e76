import type { SweepRow as FrameRow } from "../frame/index.ts";
import { checkedRows, type Table } from "./table.ts";

/** The columns of a sweep that its figure shows. */
export type SweepRow = Omit<FrameRow, "decodeBytesPerSecond">;

const kinds = {
  model: "string",
  quant: "string or null",
  synthetic: "boolean",
  threadsCount: "number",
  decodeTokensPerSecond: "number or null",
  decodeLowTokensPerSecond: "number or null",
  decodeHighTokensPerSecond: "number or null",
  prefillTokensPerSecond: "number or null",
  prefillLowTokensPerSecond: "number or null",
  prefillHighTokensPerSecond: "number or null",
  ceilingTokensPerSecond: "number or null",
  decodeRooflineRatio: "number or null",
  repetitionsCount: "number",
  warnings: "string",
} as const;

/**
 * The rows of a sweep from records or a DataFrame, each column checked.
 * @throws {PlotError} `missing-column`, `wrong-column`
 */
export function sweepRowsOf(table: Table<SweepRow>): readonly SweepRow[] {
  return checkedRows(table, kinds);
}
