import { parseCpuList, type Topology } from "../topology/index.ts";
import { counted, formatQuantity } from "../units/index.ts";
import { figureOf, type Figure } from "./figure.ts";
import type { Json, Trace } from "./spec.ts";
import { ink, layoutOf } from "./theme.ts";
import {
  drawMachine,
  lengths,
  type MachineDrawing,
  type PlacedPart,
  type PlacedPu,
  type Rectangle,
} from "./topologyLayout.ts";
import { coreCachesOf, machinePartsOf, type MachinePart } from "./topologyTree.ts";

/** The width of a page's column in pixels, less the margins. */
const room = 900;

/** How the parts look. */
const fills = { package: "#FFFFFF", node: "#EDF3F8", cache: "#FBF4E6", core: "#FFFFFF", rest: "#FFFFFF" } as const;
const lines = { package: "#444444", node: "#7A9CB8", cache: "#C9A45C", core: "#BBBBBB", rest: "#BBBBBB" } as const;

/** How the PUs look, by what may run on them. */
const puStates = {
  allowed: { name: "usable by this process", fill: "#BFE3D3", line: "#009E73", text: "#1B1B1B" },
  isolated: { name: "isolated from the scheduler", fill: "#F8DDA6", line: "#E69F00", text: "#1B1B1B" },
  disallowed: { name: "not allowed", fill: "#E9E9E9", line: "#BDBDBD", text: "#8A8A8A" },
  offline: { name: "offline", fill: "#FFFFFF", line: "#BDBDBD", text: "#8A8A8A" },
} as const;

type PuState = keyof typeof puStates;

function stateOf(topology: Topology): (puIndex: number) => PuState {
  const [offline, isolated, allowed] = [topology.offlineCpus, topology.isolatedCpus, topology.allowedCpuset].map(
    (list) => new Set(parseCpuList(list)),
  );
  return (puIndex) => {
    if (offline?.has(puIndex)) return "offline";
    if (!allowed?.has(puIndex)) return "disallowed";
    return isolated?.has(puIndex) ? "isolated" : "allowed";
  };
}

/** Rectangles as one filled trace, a gap between each two. */
function rectangles(places: readonly Rectangle[], style: Readonly<Record<string, Json>>): Trace {
  return {
    type: "scatter",
    mode: "lines",
    x: places.flatMap(({ x, width: w }) => [x, x + w, x + w, x, x, null]),
    y: places.flatMap(({ y, height: h }) => [y, y, y + h, y + h, y, null]),
    fill: "toself",
    hoverinfo: "skip",
    showlegend: false,
    ...style,
  };
}

/** The parts from the outside in, so that the inner ones lie on top. */
function partTraces(parts: readonly PlacedPart[]): readonly Trace[] {
  const layerOf = ({ depth, part }: PlacedPart) => `${depth} ${part.kind}`;
  return [...new Set(parts.map(layerOf))].sort().map((name) => {
    const layer = parts.filter((placed) => layerOf(placed) === name);
    const kind = layer[0]?.part.kind ?? "rest";
    const line = { color: lines[kind], width: kind === "package" ? 1.5 : 1, simplify: false };
    return rectangles(layer, { fillcolor: fills[kind], line });
  });
}

function labelTrace(parts: readonly PlacedPart[]): Trace {
  const labelled = parts.filter(({ part }) => part.label !== "");
  return {
    type: "scatter",
    mode: "text",
    x: labelled.map(({ x }) => x + 2),
    y: labelled.map(({ y }) => y + lengths.label / 2),
    text: labelled.map(({ part }) => part.label),
    textposition: "middle right",
    textfont: { size: 11, color: ink.text },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** Where each PU is, in words: the labels of the parts around its core. */
function placesOf(
  parts: readonly MachinePart[],
  around: readonly string[] = [],
): ReadonlyMap<number, readonly string[]> {
  const places = parts.flatMap((part): (readonly [number, readonly string[]])[] => [
    ...(part.kind === "core" ? part.cpus.map((puIndex) => [puIndex, around] as const) : []),
    ...placesOf(part.parts, [...around, part.label]),
  ]);
  return new Map(places);
}

function puTraces(
  pus: readonly PlacedPu[],
  state: PuState,
  places: ReadonlyMap<number, readonly string[]>,
): readonly Trace[] {
  if (pus.length === 0) return [];
  const { name, fill, line, text } = puStates[state];
  const numbers: Trace = {
    type: "scatter",
    mode: "text",
    x: pus.map((pu) => pu.x + pu.width / 2),
    y: pus.map((pu) => pu.y + pu.height / 2),
    text: pus.map(({ puIndex }) => String(puIndex)),
    textfont: { size: 10.5, color: text },
    hovertext: pus.map(({ puIndex }) => [`PU ${puIndex}, ${name}`, ...(places.get(puIndex) ?? [])].join("<br>")),
    hoverinfo: "text",
    showlegend: false,
  };
  return [
    rectangles(pus, {
      name: `PU ${name}`,
      fillcolor: fill,
      line: { color: line, width: 1, simplify: false },
      showlegend: true,
    }),
    numbers,
  ];
}

function tracesOf(topology: Topology, parts: readonly MachinePart[], drawing: MachineDrawing): readonly Trace[] {
  const state = stateOf(topology);
  const places = placesOf(parts);
  const states = Object.keys(puStates) as PuState[];
  return [
    ...partTraces(drawing.parts),
    ...states.flatMap((name) =>
      puTraces(
        drawing.pus.filter(({ puIndex }) => state(puIndex) === name),
        name,
        places,
      ),
    ),
    labelTrace(drawing.parts),
  ];
}

function titleOf({ packages, numaNodes, cores, pus }: Topology): string {
  const nouns = { package: packages, "NUMA node": numaNodes.length, core: cores, PU: pus };
  return Object.entries(nouns)
    .map(([noun, count]) => counted(count, noun))
    .join(", ");
}

function subtitleOf(topology: Topology): string {
  const { cpuModel, memoryBytes } = topology;
  const caches = coreCachesOf(topology);
  return [
    ...(cpuModel === null ? [] : [cpuModel]),
    ...(memoryBytes === null ? [] : [`${formatQuantity(memoryBytes, "memoryBytes")} of memory`]),
    ...(caches.length === 0 ? [] : [`within a core: ${caches.join(", ")}`]),
  ].join(" · ");
}

/**
 * A map of a machine: packages, NUMA nodes with their memory, shared caches, cores and PUs, each inside what holds it.
 * A PU is shown by its index in the operating system, in the colour of what may run on it.
 */
export function topologyMap(topology: Topology): Figure {
  const parts = machinePartsOf(topology);
  const drawing = drawMachine(parts, room);
  const margin = { l: 4, r: 4, t: 72, b: 44 };
  const width = Math.max(room, drawing.width);
  const hidden = { visible: false, fixedrange: true };
  return figureOf({
    data: tracesOf(topology, parts, drawing),
    layout: {
      ...layoutOf(titleOf(topology), subtitleOf(topology)),
      margin,
      width: width + 2 + margin.l + margin.r,
      height: drawing.height + 2 + margin.t + margin.b,
      xaxis: { ...hidden, range: [-1, width + 1] },
      yaxis: { ...hidden, range: [drawing.height + 1, -1] },
      legend: {
        orientation: "h",
        x: 0,
        xanchor: "left",
        y: 0,
        yanchor: "top",
        itemclick: false,
        itemdoubleclick: false,
      },
      showlegend: true,
    },
    config: { modeBarButtons: [["toImage"]] },
  });
}
