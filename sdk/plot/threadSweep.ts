import type { SweepRow } from "../record/index.ts";
import { formatInterval, formatQuantity, labelOf } from "../units/index.ts";
import { PlotError } from "./errors.ts";
import { figureOf, type Figure } from "./figure.ts";
import {
  intervalTrace,
  legendOnly,
  pointLines,
  warnedLegend,
  warningLines,
  type IntervalPoint,
} from "./intervalTrace.ts";
import type { Trace } from "./spec.ts";
import { sweepRowsOf } from "./sweepRow.ts";
import type { Table } from "./table.ts";
import { axisOf, colorOf, ink, layoutOf, literal } from "./theme.ts";
import { threadsAxisOf } from "./threadsAxis.ts";

/** What a caller may say about a thread sweep's figure. */
export interface ThreadSweepOptions {
  readonly title?: string;
  /** `log` where models of very different size share the figure; default `linear`, from zero. */
  readonly scale?: "linear" | "log";
}

/** A ceiling is drawn so much further than the thread counts it holds for: with one count it is still a line. */
const overhangTimes = 1.05;

type Phase = "decode" | "prefill";

/** The rows of one model and quantization, with the colour they are drawn in. */
interface Series {
  readonly name: string;
  readonly color: string;
  readonly rows: readonly SweepRow[];
}

function nameOf({ model, quant, synthetic }: SweepRow): string {
  const note = synthetic && !/synthetic/i.test(model) ? ["(synthetic weights)"] : [];
  return literal([model, ...(quant === null ? [] : [quant]), ...note].join(" "));
}

function seriesOf(rows: readonly SweepRow[]): readonly Series[] {
  const names = [...new Set(rows.map(nameOf))];
  const ascending = rows.toSorted((a, b) => a.threadsCount - b.threadsCount);
  return names.map((name, at) => ({
    name,
    color: colorOf(at),
    rows: ascending.filter((row) => nameOf(row) === name),
  }));
}

/** What a row adds to the words of its points. */
function rowLines({ decodeRooflineRatio, repetitionsCount, warnings }: SweepRow, phase: Phase): readonly string[] {
  const ofCeiling = phase === "decode" && decodeRooflineRatio !== null;
  return [
    `${repetitionsCount} repetitions`,
    ...(ofCeiling
      ? [`${formatQuantity(decodeRooflineRatio, "decodeRooflineRatio")} of the most that any thread count read`]
      : []),
    ...warningLines(warnings),
  ];
}

function pointsOf(rows: readonly SweepRow[], phase: Phase): readonly IntervalPoint[] {
  return rows.flatMap((row) => {
    const [x, estimate] = [row.threadsCount, row[`${phase}TokensPerSecond`]];
    if (estimate === null) return [];
    const interval = { low: row[`${phase}LowTokensPerSecond`], high: row[`${phase}HighTokensPerSecond`] };
    const lines = [...pointLines(x, "TokensPerSecond", { estimate, ...interval }), ...rowLines(row, phase)];
    return { x, y: estimate, ...interval, text: lines.join("<br>"), warned: row.warnings !== "" };
  });
}

/** Rows of one series that have one ceiling: those of one binding. */
function ceilingGroupsOf(rows: readonly SweepRow[]): readonly SweepRow[][] {
  const known = rows.filter((row) => row.ceilingTokensPerSecond !== null);
  const ceilings = [...new Set(known.map((row) => row.ceilingTokensPerSecond))];
  return ceilings.map((ceiling) => known.filter((row) => row.ceilingTokensPerSecond === ceiling));
}

/** A horizontal line at the ceiling of these rows, over a band that is its interval. */
function ceilingTraces({ name, color }: Series, rows: readonly SweepRow[]): readonly Trace[] {
  const [row] = rows;
  const { ceilingTokensPerSecond: y = null, bandwidthBytesPerSecond: bandwidth = null } = row ?? {};
  if (row === undefined || y === null) return [];
  const counts = rows.map(({ threadsCount }) => threadsCount);
  const x = [Math.min(...counts) / overhangTimes, ...counts, Math.max(...counts) * overhangTimes];
  const endOf = (end: number | null): number => (end === null || bandwidth === null ? y : (y * end) / bandwidth);
  const [low, high] = [endOf(row.bandwidthLowBytesPerSecond), endOf(row.bandwidthHighBytesPerSecond)];
  const shared = { type: "scatter", mode: "lines", name, legendgroup: name, showlegend: false };
  const band = {
    ...shared,
    x: [...x, ...x.toReversed()],
    y: [...x.map(() => low), ...x.map(() => high)],
    line: { color, width: 0 },
    fill: "toself",
    fillcolor: `${color}1F`,
    hoverinfo: "skip",
  };
  const interval = low < high ? `, interval ${formatInterval({ low, high }, "TokensPerSecond")}` : "";
  const line = {
    ...shared,
    x,
    y: x.map(() => y),
    line: { color, width: 1.5, dash: "dash" },
    hovertext: `bandwidth ceiling ${formatQuantity(y, "TokensPerSecond")}${interval}`,
    hoverinfo: "text+name",
    hoverlabel: { namelength: -1 },
  };
  return low < high ? [band, line] : [line];
}

function tracesOf(series: Series): readonly Trace[] {
  const { name, color, rows } = series;
  const [decode, prefill] = [pointsOf(rows, "decode"), pointsOf(rows, "prefill")];
  const shared = { name, legendgroup: name };
  return [
    ...ceilingGroupsOf(rows).flatMap((group) => ceilingTraces(series, group)),
    intervalTrace(decode, color, shared),
    intervalTrace(prefill, color, { ...shared, yaxis: "y2", showlegend: decode.length === 0 }),
  ].filter((trace) => (trace["x"] as readonly number[]).length > 0);
}

/** The marks that several series share, each with its legend entry if it is drawn. */
function sharedLegend(rows: readonly SweepRow[]): readonly Trace[] {
  const ceiling = legendOnly("bandwidth ceiling of decode, with its interval", {
    mode: "lines",
    line: { color: ink.quiet, width: 1.5, dash: "dash" },
  });
  return [
    ...(rows.some((row) => row.ceilingTokensPerSecond !== null) ? [ceiling] : []),
    ...(rows.some((row) => row.warnings !== "") ? [warnedLegend] : []),
  ];
}

function valueAxis(phase: Phase, { scale = "linear" }: ThreadSweepOptions) {
  const range = scale === "log" ? { type: "log", dtick: "D2" } : { rangemode: "tozero" };
  return axisOf(labelOf(`${phase}TokensPerSecond`), range);
}

/** Decode above, prefill below, on one axis of threads; decode alone where nothing was prefilled. */
function panelsOf(rows: readonly SweepRow[], options: ThreadSweepOptions) {
  const counts = rows.map((row) => row.threadsCount);
  const decode = valueAxis("decode", options);
  if (rows.every((row) => row.prefillTokensPerSecond === null)) {
    return { height: 440, xaxis: threadsAxisOf(counts), yaxis: decode };
  }
  return {
    height: 640,
    xaxis: threadsAxisOf(counts, { anchor: "y2" }),
    yaxis: { ...decode, domain: [0.4, 1] },
    yaxis2: { ...valueAxis("prefill", options), domain: [0, 0.32] },
  };
}

function isDrawn({ decodeTokensPerSecond, prefillTokensPerSecond }: SweepRow): boolean {
  return decodeTokensPerSecond !== null || prefillTokensPerSecond !== null;
}

/**
 * Decode and prefill speed against the number of threads: estimates with 95 % intervals, one colour a model and
 * quantization, dashed in the same colour what memory bandwidth allows, with its interval as a band.
 * @throws {PlotError} `no-points`, `missing-column`, `wrong-column`
 */
export function threadSweep(table: Table<SweepRow>, options: ThreadSweepOptions = {}): Figure {
  const rows = sweepRowsOf(table);
  const drawn = rows.filter(isDrawn);
  if (drawn.length === 0) {
    const message = `${rows.length} rows given, none with both a thread count and a speed; one is needed. Measure a sweep first.`;
    throw new PlotError("no-points", message, { facts: { rowsCount: rows.length } });
  }
  const left = rows.length - drawn.length;
  const omitted = left === 0 ? "" : `. Not drawn: ${left} of ${rows.length} rows, which have no speed`;
  return figureOf({
    data: [...seriesOf(drawn).flatMap(tracesOf), ...sharedLegend(drawn)],
    layout: {
      ...layoutOf(options.title ?? "Speed against threads", `Points: estimates with 95 % intervals${omitted}`),
      ...panelsOf(drawn, options),
      margin: { l: 64, r: 16, t: 72, b: 48 },
      legend: { orientation: "h", x: 0, xanchor: "left", y: -0.12, yanchor: "top" },
      showlegend: true,
    },
  });
}
