import type { Cell, Changed, ColumnType, CsvOptions, InPlace, Label, ToFile } from "./cell.ts";

/** What stands on the other side of an operation on a series: one value for all rows, or one a row. */
export type Operand<Value = number> = Value | readonly Value[] | Series;

/** Rows by position or label, as a range such as `"2:5"`, or by a mask with one boolean a row. */
export type RowChoice = readonly (Label | boolean)[] | Series;

/** Text functions of a series of strings; missing values stay missing. */
export interface Strings {
  toLowerCase(): Series;
  toUpperCase(): Series;
  capitalize(): Series;
  trim(): Series;
  len(): Series;
  charAt(index: number): Series;
  concat(other: string | readonly string[], position?: 0 | 1): Series;
  join(text: string, separator: string): Series;
  startsWith(text: string): Series;
  endsWith(text: string): Series;
  includes(text: string): Series;
  indexOf(text: string): Series;
  lastIndexOf(text: string): Series;
  search(text: string): Series;
  replace(text: string, replacement: string): Series;
  repeat(count: number): Series;
  slice(start: number, end: number): Series;
  substr(start: number, count: number): Series;
  substring(start: number, end: number): Series;
  split(separator: string): Series;
}

/** Parts of the dates in a series. */
export interface Dates {
  year(): Series;
  month(): Series;
  monthName(): Series;
  dayOfMonth(): Series;
  dayOfWeek(): Series;
  dayOfWeekName(): Series;
  hours(): Series;
  minutes(): Series;
  seconds(): Series;
  date(): Series;
}

/** One column with a label for each row. Numbers are float64; missing values take no part in sums and orders. */
export interface Series {
  readonly values: Cell[];
  readonly index: Label[];
  readonly columns: string[];
  readonly shape: [rowsCount: number, columnsCount: number];
  readonly size: number;
  readonly dtype: ColumnType;
  readonly dtypes: ColumnType[];
  readonly str: Strings;
  readonly dt: Dates;

  at(label: string): Cell;
  iat(position: number): Cell;
  iloc(rows: RowChoice): Series;
  loc(rows: RowChoice): Series;
  head(rows?: number): Series;
  tail(rows?: number): Series;
  sample(count?: number, options?: { readonly seed?: number }): Promise<Series>;

  add<O extends InPlace>(other: Operand, options?: O): Changed<O, Series>;
  sub<O extends InPlace>(other: Operand, options?: O): Changed<O, Series>;
  mul<O extends InPlace>(other: Operand, options?: O): Changed<O, Series>;
  div<O extends InPlace>(other: Operand, options?: O): Changed<O, Series>;
  pow<O extends InPlace>(other: Operand, options?: O): Changed<O, Series>;
  mod<O extends InPlace>(other: Operand, options?: O): Changed<O, Series>;
  maximum(other: Operand): Series;
  minimum(other: Operand): Series;
  abs<O extends InPlace>(options?: O): Changed<O, Series>;
  round<O extends InPlace>(digits?: number, options?: O): Changed<O, Series>;
  cumSum<O extends InPlace>(options?: O): Changed<O, Series>;
  cumProd<O extends InPlace>(options?: O): Changed<O, Series>;
  cumMin<O extends InPlace>(options?: O): Changed<O, Series>;
  cumMax<O extends InPlace>(options?: O): Changed<O, Series>;

  count(): number;
  sum(): number;
  mean(): number;
  median(): number;
  mode(): Cell[];
  min(): number;
  max(): number;
  std(): number;
  var(): number;
  describe(): Series;
  unique(): Series;
  nUnique(): number;
  valueCounts(): Series;
  argMax(): number;
  argMin(): number;

  gt(other: Operand): Series;
  ge(other: Operand): Series;
  lt(other: Operand): Series;
  le(other: Operand): Series;
  eq(other: Operand<Cell>): Series;
  ne(other: Operand<Cell>): Series;
  and(other: Operand<boolean>): Series;
  or(other: Operand<boolean>): Series;

  isNa(): Series;
  dropNa<O extends InPlace>(options?: O): Changed<O, Series>;
  fillNa<O extends InPlace>(value: Cell, options?: O): Changed<O, Series>;
  replace<O extends InPlace>(old: Cell, replacement: Cell, options?: O): Changed<O, Series>;
  dropDuplicates<O extends InPlace & { readonly keep?: "first" | "last" }>(options?: O): Changed<O, Series>;
  sortValues<O extends InPlace & { readonly ascending?: boolean }>(options?: O): Changed<O, Series>;
  argSort(options?: { readonly ascending?: boolean }): Series;
  setIndex<O extends InPlace>(index: readonly Label[], options?: O): Changed<O, Series>;
  resetIndex<O extends InPlace>(options?: O): Changed<O, Series>;
  append<O extends InPlace>(
    values: Cell | readonly Cell[] | Series,
    index: Label | readonly Label[],
    options?: O,
  ): Changed<O, Series>;
  asType<O extends InPlace>(dtype: ColumnType, options?: O): Changed<O, Series>;
  map<O extends InPlace>(
    change: ((value: Cell, position: number) => Cell) | Readonly<Record<string, Cell>>,
    options?: O,
  ): Changed<O, Series>;
  apply<O extends InPlace>(change: (value: Cell) => Cell, options?: O): Changed<O, Series>;
  copy(): Series;

  print(): void;
  toString(): string;
  toCSV(options?: CsvOptions): string;
  toCSV(options: CsvOptions & ToFile): undefined;
  toJSON(): Record<string, Cell[]>;
  toJSON(options: ToFile): undefined;
}

/** Makes series. */
export interface SeriesConstructor {
  new (values?: readonly Cell[], options?: SeriesOptions): Series;
  readonly prototype: Series;
}

/** What may be said about a new series. */
export interface SeriesOptions {
  readonly index?: readonly Label[];
  readonly columns?: readonly string[];
  readonly dtypes?: readonly ColumnType[];
}
