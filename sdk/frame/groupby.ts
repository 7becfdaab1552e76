import type { Cell } from "./cell.ts";
import type { DataFrame } from "./dataFrame.ts";
import type { Series } from "./series.ts";

/** What a group's column can be reduced to. The running ones keep all its rows. */
export type Aggregate =
  | "count"
  | "sum"
  | "mean"
  | "median"
  | "mode"
  | "std"
  | "var"
  | "min"
  | "max"
  | "cumsum"
  | "cumprod"
  | "cummin"
  | "cummax";

/** The rows of a frame by the values of some columns. Results have a row a group, and columns such as `rate_mean`. */
export interface Groupby {
  readonly ngroups: number;
  /** Rows of each group by column; the key joins the values with U+001F. */
  readonly groups: Record<string, Record<string, Cell[]>>;
  col(columns: readonly string[]): Groupby;
  getGroup(keys: readonly Cell[]): DataFrame;
  agg(aggregates: Readonly<Record<string, Aggregate | readonly Aggregate[]>>): DataFrame;
  apply(reduce: (group: DataFrame) => DataFrame | Series): DataFrame;
  count(): DataFrame;
  sum(): DataFrame;
  mean(): DataFrame;
  std(): DataFrame;
  var(): DataFrame;
  min(): DataFrame;
  max(): DataFrame;
  cumSum(): DataFrame;
  cumProd(): DataFrame;
  cumMin(): DataFrame;
  cumMax(): DataFrame;
  first(): DataFrame;
  last(): DataFrame;
  size(): DataFrame;
}
