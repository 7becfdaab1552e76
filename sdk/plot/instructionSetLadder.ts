import { counted, formatQuantity, labelOf } from "../units/index.ts";
import { PlotError } from "./errors.ts";
import { figureOf, type Figure } from "./figure.ts";
import type { Trace } from "./spec.ts";
import { checkedRows, type Table } from "./table.ts";
import { axisOf, layoutOf, literal } from "./theme.ts";
import { tracesByName } from "./tracesByName.ts";

/** What one build of the engine gives, against the lowest rung. */
export interface InstructionSetPoint {
  readonly model: string;
  readonly quant: string | null;
  readonly threadsCount: number;
  readonly build: string;
  readonly instructionSet: string;
  readonly decodeTokensPerSecond: number;
  readonly decodeSpeedup: number;
  readonly decodeSpeedupLow: number | null;
  readonly decodeSpeedupHigh: number | null;
  readonly output: string;
}

const kinds = {
  model: "string",
  quant: "string or null",
  threadsCount: "number",
  build: "string",
  instructionSet: "string",
  decodeTokensPerSecond: "number",
  decodeSpeedup: "number",
  decodeSpeedupLow: "number or null",
  decodeSpeedupHigh: "number or null",
  output: "string",
} as const;

const nameOf = ({ model, quant, threadsCount }: InstructionSetPoint): string =>
  `${model}${quant === null ? "" : ` ${quant}`}, ${counted(threadsCount, "thread")}`;

const rungOf = ({ instructionSet, build }: InstructionSetPoint): string => literal(`${instructionSet} (${build})`);

const isSuspect = ({ output }: InstructionSetPoint): boolean => output === "output-suspect";

function hoverOf(point: InstructionSetPoint): string {
  const speed = formatQuantity(point.decodeTokensPerSecond, "decodeTokensPerSecond");
  return `${rungOf(point)}: ${speed}${isSuspect(point) ? "<br>⚠ the output differs from that of the lowest rung" : ""}`;
}

function traceOf(name: string, points: readonly InstructionSetPoint[], color: string): Trace {
  const gapOf = (end: number | null, { decodeSpeedup }: InstructionSetPoint) =>
    end === null ? null : Math.abs(end - decodeSpeedup);
  return {
    type: "bar",
    name: literal(name),
    x: points.map(rungOf),
    y: points.map(({ decodeSpeedup }) => decodeSpeedup),
    error_y: {
      type: "data",
      symmetric: false,
      array: points.map((point) => gapOf(point.decodeSpeedupHigh, point)),
      arrayminus: points.map((point) => gapOf(point.decodeSpeedupLow, point)),
      thickness: 1.3,
      width: 3,
    },
    marker: { color, pattern: { shape: points.map((point) => (isSuspect(point) ? "/" : "")) } },
    hovertext: points.map(hoverOf),
    hoverinfo: "text+name",
    hoverlabel: { namelength: -1 },
  };
}

/**
 * How many times as fast as the lowest rung each instruction set decodes, a bar with its interval for each, one colour a model
 * file and thread count; hatched where the output is suspect.
 * @throws {PlotError} `no-points`, `missing-column`, `wrong-column`
 */
export function instructionSetLadder(table: Table<InstructionSetPoint>): Figure {
  const points = checkedRows(table, kinds);
  if (points.length === 0) {
    throw new PlotError("no-points", "0 points given, at least one is needed. Measure a ladder first.");
  }
  const traces = tracesByName(points, nameOf, traceOf);
  return figureOf({
    data: traces,
    layout: {
      ...layoutOf(
        "What instruction sets give",
        "Decoding against the lowest rung of the same model; hatched: suspect output",
      ),
      height: 420,
      barmode: "group",
      xaxis: axisOf(labelOf("instructionSet")),
      yaxis: axisOf(`${labelOf("decodeSpeedup")} (×)`, { rangemode: "tozero" }),
      margin: { l: 64, r: 16, t: 72, b: 48 },
      legend: { orientation: "h", x: 0, xanchor: "left", y: -0.25, yanchor: "top" },
      showlegend: true,
    },
  });
}
