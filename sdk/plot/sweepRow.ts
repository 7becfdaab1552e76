import { sweepKinds, type SweepRow } from "../record/index.ts";
import { checkedRows, type Table } from "./table.ts";

/**
 * The rows of a sweep from records or a DataFrame, each column checked.
 * @throws {PlotError} `missing-column`, `wrong-column`
 */
export function sweepRowsOf(table: Table<SweepRow>): readonly SweepRow[] {
  return checkedRows(table, sweepKinds);
}
