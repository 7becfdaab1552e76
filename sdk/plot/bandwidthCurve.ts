import { labelOf } from "../units/index.ts";
import { PlotError } from "./errors.ts";
import { figureOf, type Figure } from "./figure.ts";
import { intervalTrace, pointLines, warnedLegend, warningLines } from "./intervalTrace.ts";
import { checkedRows, type Table } from "./table.ts";
import { axisOf, layoutOf, literal } from "./theme.ts";
import { threadsAxisOf } from "./threadsAxis.ts";
import { tracesByName } from "./tracesByName.ts";

/** The memory bandwidth reached by one number of threads. */
export interface BandwidthPoint {
  /** What one line is: the operation, the place, or both. */
  readonly series: string;
  readonly threadsCount: number;
  readonly bandwidthBytesPerSecond: number;
  readonly lowBytesPerSecond: number | null;
  readonly highBytesPerSecond: number | null;
  /** The sentences of the warnings, one a line; empty when there are none. */
  readonly warnings: string;
}

const kinds = {
  series: "string",
  threadsCount: "number",
  bandwidthBytesPerSecond: "number",
  lowBytesPerSecond: "number or null",
  highBytesPerSecond: "number or null",
  warnings: "string",
} as const;

const gigabytes = { symbol: "GB/s", factor: 1e9 };
const scaled = (value: number | null) => (value === null ? null : value / gigabytes.factor);

function traceOf(name: string, points: readonly BandwidthPoint[], color: string) {
  const ascending = points.toSorted((a, b) => a.threadsCount - b.threadsCount);
  const drawn = ascending.map(({ threadsCount, bandwidthBytesPerSecond: estimate, warnings, ...point }) => {
    const [low, high] = [point.lowBytesPerSecond, point.highBytesPerSecond];
    const lines = pointLines(threadsCount, "bandwidthBytesPerSecond", { estimate, low, high });
    return {
      x: threadsCount,
      y: estimate / gigabytes.factor,
      low: scaled(low),
      high: scaled(high),
      text: [...lines, ...warningLines(warnings)].join("<br>"),
      warned: warnings !== "",
    };
  });
  return intervalTrace(drawn, color, { name: literal(name) });
}

/**
 * Memory bandwidth in GB/s (10⁹ bytes a second) against the number of threads, with 95 % intervals, one colour a series.
 * @throws {PlotError} `no-points`, `missing-column`, `wrong-column`
 */
export function bandwidthCurve(table: Table<BandwidthPoint>): Figure {
  const points = checkedRows(table, kinds);
  if (points.length === 0) {
    throw new PlotError("no-points", "0 points given, at least one is needed. Measure the bandwidth first.");
  }
  const traces = tracesByName(points, ({ series }) => series, traceOf);
  return figureOf({
    data: [...traces, ...(points.some((point) => point.warnings !== "") ? [warnedLegend] : [])],
    layout: {
      ...layoutOf("Memory bandwidth against threads", "Points: estimates with 95 % intervals"),
      height: 420,
      xaxis: threadsAxisOf(points.map((point) => point.threadsCount)),
      yaxis: axisOf(labelOf("bandwidthBytesPerSecond", gigabytes), { rangemode: "tozero" }),
      margin: { l: 64, r: 16, t: 72, b: 48 },
      legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top" },
      showlegend: true,
    },
  });
}
