/** danfojs DataFrames from records, made safe and showable. */
export type { Cell, Changed, ColumnType, CsvOptions, InPlace, Label, ToFile } from "./cell.ts";
export { rowsOf } from "./column.ts";
export { concat, DataFrame, merge, readCSV, readJSON, Series, toDateTime } from "./danfojs.ts";
export type { Concat, MergeOptions, ReadOptions } from "./danfojs.ts";
export type { Axis, Choice, DataFrameConstructor, FrameMembers, FrameOptions } from "./dataFrame.ts";
export type { MimeBundle } from "./display.ts";
export { FrameError } from "./errors.ts";
export type { Aggregate, Groupby } from "./groupby.ts";
export { frameHtml, type ShownFrame } from "./html.ts";
export { pivot, type PivotSpec } from "./pivot.ts";
export { quantileOf } from "./quantile.ts";
export type { RunRow } from "./runRow.ts";
export type { Dates, Operand, RowChoice, SeriesConstructor, SeriesOptions, Strings } from "./series.ts";
export { type SweepRow, toSweepRows } from "../record/index.ts";
export { type RunsFrame, toFrame, toSweepFrame } from "./toFrame.ts";
