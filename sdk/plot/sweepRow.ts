import { checkedRows, type Table } from "./table.ts";

/** One thread count of one model in a sweep, summarized: estimates with their 95 % intervals. Missing is null. */
export interface SweepRow {
  readonly model: string;
  readonly quant: string | null;
  /** Whether the weights are made up; the shape and the speed are real. */
  readonly synthetic: boolean;
  readonly threadsCount: number | null;
  readonly decodeTokensPerSecond: number | null;
  readonly decodeLowTokensPerSecond: number | null;
  readonly decodeHighTokensPerSecond: number | null;
  readonly prefillTokensPerSecond: number | null;
  readonly prefillLowTokensPerSecond: number | null;
  readonly prefillHighTokensPerSecond: number | null;
  /** Decode can go no faster than this with the bandwidth measured at this thread count. */
  readonly ceilingTokensPerSecond: number | null;
  readonly decodeRooflineRatio: number | null;
  readonly repetitionsCount: number | null;
  /** The sentences of the warnings, one a line; empty when there are none. */
  readonly warnings: string;
}

const kinds = {
  model: "string",
  quant: "string or null",
  synthetic: "boolean",
  threadsCount: "number or null",
  decodeTokensPerSecond: "number or null",
  decodeLowTokensPerSecond: "number or null",
  decodeHighTokensPerSecond: "number or null",
  prefillTokensPerSecond: "number or null",
  prefillLowTokensPerSecond: "number or null",
  prefillHighTokensPerSecond: "number or null",
  ceilingTokensPerSecond: "number or null",
  decodeRooflineRatio: "number or null",
  repetitionsCount: "number or null",
  warnings: "string",
} as const;

/**
 * The rows of a sweep from records or a DataFrame, each column checked.
 * @throws {PlotError} `missing-column`, `wrong-column`
 */
export function sweepRowsOf(table: Table<SweepRow>): readonly SweepRow[] {
  return checkedRows(table, kinds);
}
