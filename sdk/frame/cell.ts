/** A value of a frame. Missing is null in what numalab makes; danfojs itself writes NaN. */
export type Cell = string | number | boolean | null;

/** The name of a row. */
export type Label = string | number;

/** What a column holds, as danfojs names it. Its "float32" has the 64 bits of every number of JavaScript. */
export type ColumnType = "float32" | "int32" | "string" | "boolean" | "datetime" | "undefined";

/** Whether a change is made in the object itself, which then returns nothing, or in a copy that is returned. */
export interface InPlace {
  readonly inplace?: boolean;
}

/** What a method returns under `Options`: nothing after a change in place, else the changed copy. */
export type Changed<Options, Result> = Options extends { readonly inplace: true } ? undefined : Result;

/** How a table is written as CSV. */
export interface CsvOptions {
  readonly sep?: string;
  readonly header?: boolean;
}

/** Where a table is written instead of being returned. */
export interface ToFile {
  readonly filePath: string;
}
