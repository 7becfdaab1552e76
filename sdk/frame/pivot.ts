import { medianOf } from "../stats/index.ts";
import type { Cell } from "./cell.ts";
import { type FrameLike, numbersOf, valuesOf } from "./column.ts";
import { DataFrame } from "./danfojs.ts";
import { FrameError } from "./errors.ts";

type Reduce = (values: readonly number[]) => number;

const sumOf: Reduce = (values) => values.reduce((sum, value) => sum + value, 0);

const aggregates = {
  mean: (values) => sumOf(values) / values.length,
  median: medianOf,
  sum: sumOf,
  count: (values) => values.length,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
} satisfies Record<string, Reduce>;

/** Which columns a pivot takes its rows, its columns and its cells from. */
export interface PivotSpec {
  readonly index: string;
  readonly columns: string;
  readonly values: string;
  /** What the numbers of one cell are reduced to: their mean unless said. */
  readonly aggregate?: keyof typeof aggregates | Reduce;
}

const distinct = (values: readonly Cell[]) => [...new Set(values)];
const cellKey = (row: Cell | undefined, column: Cell | undefined) => JSON.stringify([row, column]);

/** The known numbers by the row and the column of their cell. */
function numbersByCell(frame: FrameLike, { index, columns, values }: PivotSpec): Map<string, number[]> {
  const [rowKeys, columnKeys] = [valuesOf(frame, index), valuesOf(frame, columns)];
  const cells = new Map<string, number[]>();
  for (const [i, value] of numbersOf(frame, values).entries()) {
    const key = cellKey(rowKeys[i], columnKeys[i]);
    if (value !== null) cells.set(key, [...(cells.get(key) ?? []), value]);
  }
  return cells;
}

function assertNamesFree(names: readonly string[], index: string): void {
  const taken = names.find((name, at) => name === index || names.indexOf(name) !== at);
  if (taken === undefined) return;
  const message = `Two columns of the pivot would be named "${taken}". Rename the index column, or the values that become columns.`;
  throw new FrameError("column-taken", message, { facts: { column: taken, index } });
}

/**
 * A frame with a row for each value of one column and a column for each value of another, in order of appearance; null
 * where there are no numbers.
 * @throws {FrameError} `no-such-column`, `not-numbers`, `column-taken`
 */
export function pivot(frame: FrameLike, spec: PivotSpec): DataFrame {
  const { index, aggregate = "mean" } = spec;
  const reduce: Reduce = typeof aggregate === "string" ? aggregates[aggregate] : aggregate;
  const cells = numbersByCell(frame, spec);
  const heads = distinct(valuesOf(frame, spec.columns));
  const names = heads.map(String);
  assertNamesFree(names, index);
  const rows = distinct(valuesOf(frame, index)).map((row) => [
    row,
    ...heads.map((head) => {
      const numbers = cells.get(cellKey(row, head));
      return numbers === undefined ? null : reduce(numbers);
    }),
  ]);
  return new DataFrame(rows, { columns: [index, ...names] });
}
