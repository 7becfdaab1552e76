import { createRequire } from "node:module";
import type { Cell } from "./cell.ts";
import type { DataFrame as Frame, DataFrameConstructor, FrameOptions } from "./dataFrame.ts";
import { display, displayFrame, displaySeries } from "./display.ts";
import type { Dates, Series as Column, SeriesConstructor } from "./series.ts";

/** Puts tables below each other (axis 0) or side by side (axis 1). Series alone, below each other, give a series. */
export interface Concat {
  (options: { readonly dfList: readonly Frame[]; readonly axis: 0 | 1 }): Frame;
  (options: { readonly dfList: readonly (Frame | Column)[]; readonly axis: 0 | 1 }): Frame | Column;
}

/** How rows of two frames meet: those with equal values in the columns `on`. */
export interface MergeOptions {
  readonly left: Frame;
  readonly right: Frame;
  readonly on: readonly string[];
  readonly how: "inner" | "outer" | "left" | "right";
}

/** How a file is read. */
export interface ReadOptions {
  readonly frameConfig?: FrameOptions;
}

interface Danfojs {
  readonly DataFrame: DataFrameConstructor;
  readonly Series: SeriesConstructor;
  readonly concat: Concat;
  readonly merge: (options: MergeOptions) => Frame;
  readonly toDateTime: (values: readonly Cell[] | Column) => Dates;
  readonly readCSV: (
    path: string,
    options?: ReadOptions & { readonly header?: boolean; readonly delimiter?: string },
  ) => Promise<Frame>;
  readonly readJSON: (path: string, options?: ReadOptions) => Promise<Frame>;
}

/** Beside this file, where the build puts it; a run from sources takes the one of the last build. */
const folder = import.meta.url.endsWith(".ts") ? "../../dist/sdk/frame" : ".";
const danfojs = createRequire(import.meta.url)(`${folder}/danfojs.cjs`) as Danfojs;

Object.defineProperty(danfojs.DataFrame.prototype, display, { value: displayFrame, configurable: true });
Object.defineProperty(danfojs.Series.prototype, display, { value: displaySeries, configurable: true });

/** Makes tables; every table is an instance of it. */
export const DataFrame = danfojs.DataFrame;
/** danfojs's table. */
export type DataFrame = Frame;

/** Makes columns; every column is an instance of it. */
export const Series = danfojs.Series;
/** danfojs's column. */
export type Series = Column;

/** Puts tables below each other or side by side. */
export const concat = danfojs.concat;

/** The frame of rows that have equal values in some columns of two frames. */
export const merge = danfojs.merge;

/** The parts of dates. */
export const toDateTime = danfojs.toDateTime;

/** The frame that a CSV file holds. */
export const readCSV = danfojs.readCSV;

/** The frame that a JSON file of records or columns holds. */
export const readJSON = danfojs.readJSON;
