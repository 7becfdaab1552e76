import type { NodeDistances, Topology } from "../topology/index.ts";
import { counted } from "../units/index.ts";
import { PlotError } from "./errors.ts";
import { figureOf, type Figure } from "./figure.ts";
import type { Trace } from "./spec.ts";
import { axisOf, ink, layoutOf } from "./theme.ts";

/** Lengths in pixels; a cell is a square, and shows its number where there is room. */
const width = 720;
const room = 560;
const mostForCell = 60;
const leastForText = 20;
const margin = { l: 72, t: 84, b: 56 } as const;
/** With more nodes than these, some go unlabelled on the axes. */
const mostTicks = 16;

/** Near is light and far is dark, in steps that are told apart in print too. */
const [near, far] = [
  [222, 235, 247],
  [8, 69, 128],
] as const;

interface Shade {
  readonly fill: string;
  readonly text: string;
}

function shadeOf(share: number): Shade {
  const channels = near.map((light, at) => Math.round(light + share * ((far[at] ?? light) - light)));
  return { fill: `rgb(${channels.join(",")})`, text: share > 0.5 ? "#FFFFFF" : ink.text };
}

/** All pairs of nodes at one distance. */
function traceOf(
  { nodes, matrix }: NodeDistances,
  distance: number,
  { share, size }: { share: number; size: number },
): Trace {
  const { fill, text } = shadeOf(share);
  const pairs = matrix.flatMap((row, from) => row.flatMap((value, to) => (value === distance ? [{ from, to }] : [])));
  return {
    type: "scatter",
    mode: size < leastForText ? "markers" : "markers+text",
    name: String(distance),
    x: pairs.map(({ to }) => to),
    y: pairs.map(({ from }) => from),
    marker: {
      symbol: "square",
      size: Math.ceil(0.96 * size),
      color: fill,
      opacity: 1,
      line: { color: ink.line, width: 0.5 },
    },
    text: pairs.map(() => String(distance)),
    textfont: { size: size < 32 ? 10 : 12.5, color: text },
    hovertext: pairs.map(
      ({ from, to }) => `from CPUs of node ${nodes[from] ?? "–"} to memory of node ${nodes[to] ?? "–"}: ${distance}`,
    ),
    hoverinfo: "text",
  };
}

function nodesAxis(title: string, { nodes }: NodeDistances) {
  const step = Math.ceil(nodes.length / mostTicks);
  const shown = [...nodes.keys()].filter((at) => at % step === 0);
  return axisOf(title, {
    tickvals: shown,
    ticktext: shown.map((at) => String(nodes[at] ?? "")),
    showgrid: false,
    showline: false,
    automargin: false,
    fixedrange: true,
  });
}

/**
 * A map of the distances between NUMA nodes, from the CPUs of a row to the memory of a column, dark where it is far. The
 * numbers are the firmware's claim (ACPI SLIT), no measurement.
 * @throws {PlotError} `no-points` for a machine of one node, or without a table of distances
 */
export function distanceMap({ distances, numaNodes }: Pick<Topology, "distances" | "numaNodes">): Figure {
  if (distances === null) {
    const message = `the machine has ${counted(numaNodes.length, "NUMA node")} and no table of distances; two nodes with one are needed. Draw the topologyMap instead.`;
    throw new PlotError("no-points", message, { facts: { nodesCount: numaNodes.length } });
  }
  const { nodes, matrix } = distances;
  const size = Math.max(2, Math.min(mostForCell, Math.floor(room / nodes.length)));
  const values = [...new Set(matrix.flat())].sort((a, b) => a - b);
  const range = [-0.5, nodes.length - 0.5];
  return figureOf({
    data: values.map((distance, at) =>
      traceOf(distances, distance, { share: at / Math.max(1, values.length - 1), size }),
    ),
    layout: {
      ...layoutOf(
        "Distance of memory",
        "Relative, 10 is a node's own memory; the firmware's claim (ACPI SLIT), not measured",
      ),
      width,
      height: margin.t + nodes.length * size + margin.b,
      margin: { ...margin, r: width - margin.l - nodes.length * size },
      xaxis: { ...nodesAxis("Memory of node", distances), range },
      yaxis: { ...nodesAxis("CPUs of node", distances), range: range.toReversed() },
      legend: {
        title: { text: "Distance", font: { size: 12.5 } },
        itemsizing: "constant",
        itemclick: false,
        itemdoubleclick: false,
      },
      showlegend: true,
    },
    config: { modeBarButtons: [["toImage"]] },
  });
}
