import type { Cell, Changed, ColumnType, CsvOptions, InPlace, Label, ToFile } from "./cell.ts";
import type { Groupby } from "./groupby.ts";
import type { RowChoice, Series } from "./series.ts";

/** Along which axis: 0 goes down a column and gives a value a column, 1 goes along a row (danfojs's default). */
export interface Axis {
  readonly axis?: 0 | 1;
}

/** Rows and columns of a frame. */
export interface Choice {
  readonly rows?: RowChoice;
  readonly columns?: readonly Label[];
}

type Operand = number | readonly number[] | Series | DataFrame;
type Change = InPlace & Axis;

/** The members of every frame, without its columns. */
export interface FrameMembers {
  readonly columns: string[];
  readonly index: Label[];
  /** Row by row. */
  readonly values: Cell[][];
  readonly shape: [rowsCount: number, columnsCount: number];
  readonly size: number;
  readonly dtypes: ColumnType[];
  readonly ctypes: Series;
  readonly T: DataFrame;

  column(name: string): Series;
  at(row: Label, column: string): Cell;
  iat(row: number, column: number): Cell;
  iloc(choice: Choice): DataFrame;
  loc(choice: Choice): DataFrame;
  query<O extends InPlace>(condition: Series | readonly boolean[], options?: O): Changed<O, DataFrame>;
  selectDtypes(types: readonly ColumnType[]): DataFrame;
  head(rows?: number): DataFrame;
  tail(rows?: number): DataFrame;
  sample(count?: number, options?: { readonly seed?: number }): Promise<DataFrame>;

  add<O extends Change>(other: Operand, options?: O): Changed<O, DataFrame>;
  sub<O extends Change>(other: Operand, options?: O): Changed<O, DataFrame>;
  mul<O extends Change>(other: Operand, options?: O): Changed<O, DataFrame>;
  div<O extends Change>(other: Operand, options?: O): Changed<O, DataFrame>;
  divNoNan<O extends Change>(other: Operand, options?: O): Changed<O, DataFrame>;
  pow<O extends Change>(other: Operand, options?: O): Changed<O, DataFrame>;
  mod<O extends Change>(other: Operand, options?: O): Changed<O, DataFrame>;
  diff<O extends Change>(other: Operand, options?: O): Changed<O, DataFrame>;
  pctChange<O extends Change>(other: Operand, options?: O): Changed<O, DataFrame>;
  abs<O extends InPlace>(options?: O): Changed<O, DataFrame>;
  round<O extends InPlace>(digits?: number, options?: O): Changed<O, DataFrame>;
  cumSum<O extends Change>(options?: O): Changed<O, DataFrame>;
  cumProd<O extends Change>(options?: O): Changed<O, DataFrame>;
  cumMin<O extends Change>(options?: O): Changed<O, DataFrame>;
  cumMax<O extends Change>(options?: O): Changed<O, DataFrame>;
  gt(other: Operand, options?: Axis): DataFrame;
  ge(other: Operand, options?: Axis): DataFrame;
  lt(other: Operand, options?: Axis): DataFrame;
  le(other: Operand, options?: Axis): DataFrame;
  eq(other: Operand, options?: Axis): DataFrame;
  ne(other: Operand, options?: Axis): DataFrame;

  count(options?: Axis): Series;
  sum(options?: Axis): Series;
  mean(options?: Axis): Series;
  median(options?: Axis): Series;
  mode(options?: Axis & { readonly keep?: number }): Series;
  min(options?: Axis): Series;
  max(options?: Axis): Series;
  std(options?: Axis): Series;
  var(options?: Axis): Series;
  nUnique(axis?: 0 | 1): Series;
  describe(): DataFrame;
  groupby(columns: readonly string[]): Groupby;

  isNa(): DataFrame;
  dropNa<O extends Change>(options?: O): Changed<O, DataFrame>;
  fillNa<O extends InPlace & { readonly columns?: readonly string[] }>(
    value: Cell | readonly Cell[],
    options?: O,
  ): Changed<O, DataFrame>;
  replace<O extends InPlace & { readonly columns?: readonly string[] }>(
    old: Cell,
    replacement: Cell,
    options?: O,
  ): Changed<O, DataFrame>;
  addColumn<O extends InPlace & { readonly atIndex?: Label }>(
    name: string,
    values: readonly Cell[] | Series,
    options?: O,
  ): Changed<O, DataFrame>;
  drop<
    O extends InPlace & { readonly columns?: string | readonly string[]; readonly index?: Label | readonly Label[] },
  >(
    options: O,
  ): Changed<O, DataFrame>;
  rename<O extends Change>(names: Readonly<Record<string, string>>, options?: O): Changed<O, DataFrame>;
  asType<O extends InPlace>(column: string, type: ColumnType, options?: O): Changed<O, DataFrame>;
  append<O extends InPlace>(
    rows: readonly Cell[] | readonly (readonly Cell[])[] | Series | DataFrame,
    index: Label | readonly Label[],
    options?: O,
  ): Changed<O, DataFrame>;
  getDummies(options?: {
    readonly columns?: string | readonly string[];
    readonly prefix?: string | readonly string[];
  }): DataFrame;
  sortValues<O extends InPlace & { readonly ascending?: boolean }>(column: string, options?: O): Changed<O, DataFrame>;
  sortIndex<O extends InPlace & { readonly ascending?: boolean }>(options?: O): Changed<O, DataFrame>;
  setIndex<
    O extends InPlace & { readonly index?: readonly Label[]; readonly column?: string; readonly drop?: boolean },
  >(
    options: O,
  ): Changed<O, DataFrame>;
  resetIndex<O extends InPlace>(options?: O): Changed<O, DataFrame>;
  transpose<O extends InPlace>(options?: O): Changed<O, DataFrame>;
  apply(reduce: (values: Cell[]) => Cell, options?: Axis): Series;
  apply(change: (values: Cell[]) => Cell[], options?: Axis): DataFrame;
  applyMap<O extends InPlace>(change: (value: Cell) => Cell, options?: O): Changed<O, DataFrame>;
  copy(): DataFrame;

  print(): void;
  toString(): string;
  toCSV(options?: CsvOptions): string;
  toCSV(options: CsvOptions & ToFile): undefined;
  toJSON(options?: { readonly format?: "column" }): Record<string, Cell>[];
  toJSON(options: { readonly format: "row" }): Record<string, Cell[]>;
  toJSON(options: { readonly format?: "column" | "row" } & ToFile): undefined;
}

/** danfojs's table: rows with a label each, columns by name (`frame["tokensPerSecond"]`, or `frame.column(name)`). */
export type DataFrame = FrameMembers & Record<string, Series>;

/** What may be said about a new frame. */
export interface FrameOptions {
  readonly columns?: readonly string[];
  readonly index?: readonly Label[];
  readonly dtypes?: readonly ColumnType[];
}

/** Makes frames of records, of rows, or of columns by name. */
export interface DataFrameConstructor {
  new (data?: readonly object[] | Readonly<Record<string, readonly Cell[]>>, options?: FrameOptions): DataFrame;
  readonly prototype: DataFrame;
}
