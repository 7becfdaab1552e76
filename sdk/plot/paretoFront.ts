import { formatQuantity, labelOf } from "../units/index.ts";
import { PlotError } from "./errors.ts";
import { figureOf, type Figure } from "./figure.ts";
import { checkedRows, type Table } from "./table.ts";
import { axisOf, colorOf, ink, layoutOf, literal } from "./theme.ts";

/** One form of a model: what it takes, and how wrong it is. */
export interface TradeOffPoint {
  readonly name: string;
  /** What is shown in one colour, such as `uniform` or `mixed`. */
  readonly kind: string;
  readonly fileBytes: number;
  /** Less is better; null where it was not measured. */
  readonly error: number | null;
}

/** A point that was measured. */
type KnownPoint = TradeOffPoint & { readonly error: number };

/** How the errors are called and drawn. */
export interface ParetoOptions {
  /** What the error is, as the axis names it. Default `Error`. */
  readonly errorLabel?: string;
  /** Default `linear`. */
  readonly scale?: "linear" | "log";
}

const kinds = { name: "string", kind: "string", fileBytes: "number", error: "number or null" } as const;

const megabytes = { symbol: "MB", factor: 1e6 };

/** The points than which no other is both smaller and less wrong, in order of size. */
function frontOf<Point extends Pick<KnownPoint, "fileBytes" | "error">>(points: readonly Point[]): readonly Point[] {
  const front: Point[] = [];
  for (const point of points.toSorted((a, b) => a.fileBytes - b.fileBytes || a.error - b.error)) {
    if (point.error < (front.at(-1)?.error ?? Infinity)) front.push(point);
  }
  return front;
}

const placesOf = (points: readonly KnownPoint[]) => ({
  x: points.map(({ fileBytes }) => fileBytes / megabytes.factor),
  y: points.map(({ error }) => error),
});

function kindTrace(kind: string, points: readonly KnownPoint[], color: string) {
  return {
    type: "scatter",
    mode: "markers+text",
    name: literal(kind),
    ...placesOf(points),
    text: points.map(({ name }) => literal(name)),
    textposition: "top center",
    marker: { color, size: 9 },
    hovertext: points.map(({ name, fileBytes, error }) => {
      return `${literal(name)}<br>${formatQuantity(fileBytes, "fileBytes")}<br>${error.toPrecision(3)}`;
    }),
    hoverinfo: "text",
  };
}

function frontTrace(points: readonly KnownPoint[]) {
  return {
    type: "scatter",
    mode: "lines",
    name: "none is both smaller and less wrong",
    ...placesOf(frontOf(points)),
    line: { color: ink.quiet, width: 1.5, dash: "dash", shape: "hv" },
    hoverinfo: "skip",
  };
}

/**
 * Error against size, a point for each form of a model, one colour a kind; the Pareto front of all is a dashed line.
 * @throws {PlotError} `no-points`, `missing-column`, `wrong-column`
 */
export function paretoFront(table: Table<TradeOffPoint>, options: ParetoOptions = {}): Figure {
  const { errorLabel = "Error", scale = "linear" } = options;
  const rows = checkedRows(table, kinds);
  const points = rows.filter((row): row is KnownPoint => row.error !== null);
  if (points.length === 0) {
    const message = `${rows.length} rows given, none with an error; one is needed. Measure the errors first.`;
    throw new PlotError("no-points", message, { facts: { rowsCount: rows.length } });
  }
  const traces = [...new Set(points.map(({ kind }) => kind))].map((kind, at) => {
    const ofKind = points.filter((point) => point.kind === kind);
    return kindTrace(kind, ofKind, colorOf(at));
  });
  const left = rows.length - points.length;
  const omitted = left === 0 ? "" : `. Not drawn: ${left} of ${rows.length} rows, which have no error`;
  return figureOf({
    data: [frontTrace(points), ...traces],
    layout: {
      ...layoutOf("What fewer bytes cost", `Down and left is better${omitted}`),
      height: 440,
      xaxis: axisOf(labelOf("fileBytes", megabytes)),
      yaxis: axisOf(literal(errorLabel), scale === "log" ? { type: "log" } : { rangemode: "tozero" }),
      margin: { l: 64, r: 16, t: 72, b: 48 },
      legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top" },
      showlegend: true,
    },
  });
}
