import { formatInterval, formatQuantity, labelOf } from "../units/index.ts";
import { PlotError } from "./errors.ts";
import { figureOf, type Figure } from "./figure.ts";
import { intervalTrace } from "./intervalTrace.ts";
import type { Trace } from "./spec.ts";
import { checkedRows, type Table } from "./table.ts";
import { axisOf, colorOf, ink, layoutOf, literal } from "./theme.ts";

/** How long a token of one form of a model takes, and what it reads of memory. */
export interface FormTime {
  readonly form: string;
  readonly readBytesPerToken: number;
  readonly tokensPerSecond: number | null;
  readonly lowTokensPerSecond: number | null;
  readonly highTokensPerSecond: number | null;
  /** What the memory gives; null where it was not measured. */
  readonly bandwidthBytesPerSecond: number | null;
}

const kinds = {
  form: "string",
  readBytesPerToken: "number",
  tokensPerSecond: "number or null",
  lowTokensPerSecond: "number or null",
  highTokensPerSecond: "number or null",
  bandwidthBytesPerSecond: "number or null",
} as const;

const mebibytes = { symbol: "MiB", factor: 2 ** 20 };
const millisecondsOf = (tokensPerSecond: number | null) => (tokensPerSecond === null ? null : 1000 / tokensPerSecond);

function pointsTrace(forms: readonly FormTime[]): Trace {
  const ascending = forms.toSorted((a, b) => a.readBytesPerToken - b.readBytesPerToken);
  const timed = ascending.flatMap((form) => {
    const y = millisecondsOf(form.tokensPerSecond);
    return y === null ? [] : { form, y };
  });
  const points = timed.map(({ form, y }) => {
    const interval = { low: form.lowTokensPerSecond, high: form.highTokensPerSecond };
    const known = interval.low === null ? "no interval" : `interval ${formatInterval(interval, "tokensPerSecond")}`;
    return {
      x: form.readBytesPerToken / mebibytes.factor,
      y,
      low: millisecondsOf(interval.high),
      high: millisecondsOf(interval.low),
      text: `${literal(form.form)}: ${formatQuantity(form.tokensPerSecond ?? NaN, "tokensPerSecond")}, ${known}`,
      warned: false,
    };
  });
  return intervalTrace(points, colorOf(0), {
    mode: "markers+text",
    name: "measured, with 95 % intervals",
    text: timed.map(({ form }) => literal(form.form)),
    // Forms that read about as much would cover each other's names.
    textposition: timed.map((_, at) => (at % 2 === 0 ? "top left" : "bottom right")),
  });
}

/** The line on which reading is all that takes time, from the origin to the form that reads most. */
function readingTraces(forms: readonly FormTime[]): readonly Trace[] {
  const bandwidths = forms.flatMap(({ bandwidthBytesPerSecond }) => bandwidthBytesPerSecond ?? []);
  if (bandwidths.length === 0) return [];
  const bandwidth = Math.max(...bandwidths);
  const mostBytes = Math.max(...forms.map(({ readBytesPerToken }) => readBytesPerToken));
  return [
    {
      type: "scatter",
      mode: "lines",
      name: `reading alone, at ${formatQuantity(bandwidth, "bytesPerSecond")}`,
      x: [0, mostBytes / mebibytes.factor],
      y: [0, (mostBytes / bandwidth) * 1000],
      line: { color: ink.quiet, width: 1.5, dash: "dash" },
      hoverinfo: "name",
      hoverlabel: { namelength: -1 },
    },
  ];
}

/**
 * The time of a token of each form of a model against the bytes that it reads, over the time that reading alone takes with
 * the bandwidth of this memory: where points lie on that line, bandwidth is what limits.
 * @throws {PlotError} `no-points`, `missing-column`, `wrong-column`
 */
export function timeByBytes(table: Table<FormTime>): Figure {
  const forms = checkedRows(table, kinds);
  if (forms.every(({ tokensPerSecond }) => tokensPerSecond === null)) {
    const message = `${forms.length} forms given, none with a speed; one is needed. Time them first.`;
    throw new PlotError("no-points", message, { facts: { formsCount: forms.length } });
  }
  return figureOf({
    data: [...readingTraces(forms), pointsTrace(forms)],
    layout: {
      ...layoutOf("Time of a token against what it reads", "On the line, memory bandwidth is all that limits"),
      height: 420,
      xaxis: axisOf(labelOf("readBytes", mebibytes), { rangemode: "tozero" }),
      yaxis: axisOf("Time of a token (ms)", { rangemode: "tozero" }),
      margin: { l: 64, r: 16, t: 72, b: 48 },
      legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top" },
      showlegend: true,
    },
  });
}
