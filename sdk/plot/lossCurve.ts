import { formatQuantity } from "../units/index.ts";
import { PlotError } from "./errors.ts";
import { figureOf, type Figure } from "./figure.ts";
import type { Trace } from "./spec.ts";
import { checkedRows, type Table } from "./table.ts";
import { axisOf, layoutOf, literal } from "./theme.ts";
import { tracesByName } from "./tracesByName.ts";

/** One loss of one training at one step. */
export interface LossPoint {
  readonly net: string;
  readonly loss: string;
  /** From 1. */
  readonly stepNumber: number;
  readonly value: number;
}

const kinds = { net: "string", loss: "string", stepNumber: "number", value: "number" } as const;

/** A line goes through means over so large a share of the steps. */
const windowRatio = 0.05;

/** The mean around each value over an odd number of values; at the ends over those that there are, evenly to both sides. */
function smoothed(values: readonly number[], windowCount: number): readonly number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return values.map((_, at) => {
    const reach = Math.min((windowCount - 1) / 2, at, values.length - 1 - at);
    const [begin, end] = [at - reach, at + reach + 1];
    return ((sums[end] ?? 0) - (sums[begin] ?? 0)) / (end - begin);
  });
}

/** The points of one loss faintly, and a line through their means. */
function tracesOf(name: string, points: readonly LossPoint[], color: string): readonly Trace[] {
  const ascending = points.toSorted((a, b) => a.stepNumber - b.stepNumber);
  const x = ascending.map(({ stepNumber }) => stepNumber);
  const values = ascending.map(({ value }) => value);
  const windowCount = 2 * Math.floor((values.length * windowRatio) / 2) + 1;
  const means = smoothed(values, windowCount);
  const shared = { type: "scatter", name: literal(name), legendgroup: literal(name), x };
  return [
    {
      ...shared,
      mode: "markers",
      y: values,
      marker: { color, size: 3, opacity: 0.18 },
      showlegend: false,
      hoverinfo: "skip",
    },
    {
      ...shared,
      mode: "lines",
      y: means,
      line: { color, width: 2 },
      hovertext: means.map((mean, at) => `step ${x[at]}: ${mean.toPrecision(3)}, the mean of ${windowCount} steps`),
      hoverinfo: "text+name",
      hoverlabel: { namelength: -1 },
    },
  ];
}

/**
 * Losses over the steps of trainings: each step's batch as a faint point, and a line through the means of 5 % of the steps
 * around; one colour a net and loss.
 * @throws {PlotError} `no-points`, `missing-column`, `wrong-column`
 */
export function lossCurve(table: Table<LossPoint>): Figure {
  const points = checkedRows(table, kinds);
  if (points.length === 0) {
    throw new PlotError("no-points", "0 losses given, at least one is needed. Train a net first.");
  }
  const nameOf = ({ net, loss }: LossPoint): string => `${net}, ${loss}`;
  const traces = tracesByName(points, nameOf, tracesOf);
  return figureOf({
    data: traces,
    layout: {
      ...layoutOf(
        "Losses over the steps of a training",
        `Points: the batch of each step; lines: means of ${formatQuantity(windowRatio, "windowRatio")} of the steps`,
      ),
      height: 480,
      xaxis: axisOf("step"),
      yaxis: axisOf("loss", { rangemode: "tozero" }),
      margin: { l: 64, r: 16, t: 72, b: 48 },
      legend: { orientation: "h", x: 0, xanchor: "left", y: -0.15, yanchor: "top" },
      showlegend: true,
    },
  });
}
