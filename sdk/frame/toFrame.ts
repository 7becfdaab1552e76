import type { Warning } from "../errors.ts";
import { comparabilityOf, type Run, sweepKinds, type SweepRow, toSweepRows } from "../record/index.ts";
import type { Cell } from "./cell.ts";
import type { DataFrame } from "./dataFrame.ts";
import { runColumns, runRowsOf } from "./runRow.ts";

/** A frame of runs, with warnings where those runs should not be compared; it shows them below its rows. */
export type RunsFrame = DataFrame & { readonly caveats: readonly Warning[] };

const sweepColumns = Object.keys(sweepKinds) as readonly (keyof SweepRow)[];

type Row<Column extends string> = Readonly<Record<Column, Cell>>;

async function frameOf<Column extends string>(
  rows: readonly Row<Column>[],
  columns: readonly Column[],
  caveats: readonly Warning[],
): Promise<RunsFrame> {
  const { DataFrame } = await import("./danfojs.ts");
  const frame = new DataFrame(
    rows.map((row) => columns.map((column) => row[column])),
    { columns },
  );
  return Object.defineProperty(frame, "caveats", { value: caveats }) as RunsFrame;
}

/** A frame with one row a run, in the order of the runs. */
export function toFrame(runs: readonly Run[]): Promise<RunsFrame> {
  return frameOf(runRowsOf(runs), runColumns, comparabilityOf(runs));
}

/** A frame with one row for each model file and thread count: what `toSweepRows` says. */
export function toSweepFrame(runs: readonly Run[]): Promise<RunsFrame> {
  return frameOf(toSweepRows(runs), sweepColumns, comparabilityOf(runs));
}
