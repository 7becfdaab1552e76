import { counted, formatInterval, formatQuantity } from "../units/index.ts";
import type { Json, Trace } from "./spec.ts";
import { literal } from "./theme.ts";

/** One measured point: an estimate with its interval, what was said about it, and a mark where that was a warning. */
export interface IntervalPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly text: string;
  readonly warned: boolean;
}

/** An estimate, and its interval where there is one. */
interface Estimate {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** What a point is, in words shown on hover; `name` has the unit. */
export function pointLines(threadsCount: number, name: string, { estimate, ...interval }: Estimate): readonly string[] {
  const threads = counted(threadsCount, "thread");
  const known = interval.low !== null && interval.high !== null;
  return [
    `${threads}: ${formatQuantity(estimate, name)}`,
    known ? `95 % interval ${formatInterval(interval, name)}` : "no interval",
  ];
}

/** The lines that warnings, one a line, add to the text shown on hover. */
export function warningLines(warnings: string): readonly string[] {
  return warnings.split("\n").flatMap((line) => (line === "" ? [] : `⚠ ${literal(line)}`));
}

const circle = { symbol: "circle", size: 8 };
const diamond = { symbol: "diamond", size: 10 };

/** A line through points with error bars; points with warnings are hollow diamonds. `more` goes into the trace as it is. */
export function intervalTrace(
  points: readonly IntervalPoint[],
  color: string,
  more: Readonly<Record<string, Json>>,
): Trace {
  const shapes = points.map((point) => (point.warned ? diamond : circle));
  return {
    type: "scatter",
    mode: "lines+markers",
    x: points.map((point) => point.x),
    y: points.map((point) => point.y),
    error_y: {
      type: "data",
      symmetric: false,
      array: points.map(({ y, high }) => (high === null ? null : high - y)),
      arrayminus: points.map(({ y, low }) => (low === null ? null : y - low)),
      thickness: 1.3,
      width: 3,
    },
    line: { color, width: 1.8 },
    marker: {
      symbol: shapes.map((shape) => shape.symbol),
      size: shapes.map((shape) => shape.size),
      color: points.map((point) => (point.warned ? "#FFFFFF" : color)),
      line: { color, width: 1.8 },
      opacity: 1,
    },
    hovertext: points.map((point) => point.text),
    hoverinfo: "text+name",
    hoverlabel: { namelength: -1 },
    ...more,
  };
}

/** A legend entry of a mark that several traces share. */
export function legendOnly(name: string, more: Readonly<Record<string, Json>>): Trace {
  return { type: "scatter", x: [null], y: [null], name, hoverinfo: "skip", ...more };
}

/** The legend entry of the hollow diamonds. */
export const warnedLegend = legendOnly("has warnings (listed on hover)", {
  mode: "markers",
  marker: { ...diamond, color: "#FFFFFF", line: { color: "#555555", width: 1.8 } },
});
