import { formatQuantity, labelOf } from "../units/index.ts";
import { PlotError } from "./errors.ts";
import { figureOf, type Figure } from "./figure.ts";
import { intervalTrace } from "./intervalTrace.ts";
import { checkedRows, type Table } from "./table.ts";
import { axisOf, layoutOf, literal } from "./theme.ts";
import { tracesByName } from "./tracesByName.ts";

/** What one batch size gives and costs. */
export interface BatchPoint {
  readonly model: string;
  readonly threadsCount: number;
  readonly batchSize: number;
  readonly tokensPerSecond: number | null;
  readonly lowTokensPerSecond: number | null;
  readonly highTokensPerSecond: number | null;
  readonly interTokenMedianSeconds: number | null;
  readonly interToken95Seconds: number | null;
}

const kinds = {
  model: "string",
  threadsCount: "number",
  batchSize: "number",
  tokensPerSecond: "number or null",
  lowTokensPerSecond: "number or null",
  highTokensPerSecond: "number or null",
  interTokenMedianSeconds: "number or null",
  interToken95Seconds: "number or null",
} as const;

const milliseconds = { symbol: "ms", factor: 1e-3 };

function linesOf(point: BatchPoint): string {
  const { batchSize, tokensPerSecond, interTokenMedianSeconds: median, interToken95Seconds: slow } = point;
  return [
    `${batchSize} at once: ${formatQuantity(tokensPerSecond ?? NaN, "tokensPerSecond")}`,
    ...(median === null ? [] : [`a token after ${formatQuantity(median, "interTokenMedianSeconds")} in the median`]),
    ...(slow === null ? [] : [`after ${formatQuantity(slow, "interToken95Seconds")} for 95 of 100`]),
  ].join("<br>");
}

function traceOf(name: string, points: readonly BatchPoint[], color: string) {
  const ascending = points.toSorted((a, b) => a.batchSize - b.batchSize);
  const drawn = ascending.flatMap((point) => {
    const { tokensPerSecond: y, lowTokensPerSecond: low, highTokensPerSecond: high, interTokenMedianSeconds } = point;
    if (y === null || interTokenMedianSeconds === null) return [];
    return [
      {
        x: interTokenMedianSeconds / milliseconds.factor,
        ...{ y, low, high },
        text: linesOf(point),
        warned: false,
        label: String(point.batchSize),
      },
    ];
  });
  return intervalTrace(drawn, color, {
    name: literal(name),
    mode: "lines+markers+text",
    text: drawn.map(({ label }) => label),
    textposition: "top left",
  });
}

/**
 * Generated tokens a second of all requests together against the median time from token to token of each, a point for
 * each batch size, named by it; one colour a model and thread count.
 * @throws {PlotError} `no-points`, `missing-column`, `wrong-column`
 */
export function batchFrontier(table: Table<BatchPoint>): Figure {
  const points = checkedRows(table, kinds);
  if (points.length === 0) {
    throw new PlotError("no-points", "0 points given, at least one is needed. Measure batches first.");
  }
  const nameOf = ({ model, threadsCount }: BatchPoint): string => `${model}, threads: ${threadsCount}`;
  const traces = tracesByName(points, nameOf, traceOf);
  return figureOf({
    data: traces,
    layout: {
      ...layoutOf("What larger batches give and cost", "Numbers: requests computed at once; up and left is better"),
      height: 420,
      xaxis: axisOf(labelOf("interTokenMedianSeconds", milliseconds), { rangemode: "tozero" }),
      yaxis: axisOf(labelOf("tokensPerSecond"), { rangemode: "tozero" }),
      margin: { l: 64, r: 16, t: 72, b: 48 },
      legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top" },
      showlegend: true,
    },
  });
}
