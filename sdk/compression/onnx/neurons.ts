import { elementsCountOf, type OnnxGraph, type OnnxNode, type Tensor } from "../../onnx/index.ts";
import { type GraphIndex, indexGraph } from "./graphIndex.ts";
import { type LinearLayer, linearLayerOf, outputsCountOf } from "./linearLayer.ts";
import { elementwiseOperators, type Prunable } from "./prunable.ts";

/** What was found while walking from one layer's output to all that shares its columns. */
interface Region {
  readonly index: GraphIndex;
  readonly width: number;
  readonly values: Set<string>;
  readonly sources: Map<string, LinearLayer>;
  readonly sinks: Map<string, LinearLayer>;
  readonly vectors: Map<string, Tensor>;
}

/** Adds what an elementwise node reads; false where that has other columns. */
function addOperand(name: string, region: Region): boolean {
  const weight = region.index.weights.get(name);
  if (weight === undefined) {
    if (name !== "") region.values.add(name);
    return true;
  }
  if (elementsCountOf(weight.dimensions) === 1) return true;
  region.vectors.set(name, weight);
  return weight.dimensions.length === 1 && weight.dimensions[0] === region.width;
}

/** Adds what gives a value; false where its columns cannot be followed. */
function addGiver(value: string, region: Region): boolean {
  const node = region.index.giverOf(value);
  if (node === undefined) return false;
  const layer = linearLayerOf(node, region.index.weights);
  if (layer === null) {
    return elementwiseOperators.has(node.operator) && node.inputs.every((input) => addOperand(input, region));
  }
  region.sources.set(node.name, layer);
  return layer.bias === null || addOperand(layer.bias, region);
}

function addReader(node: OnnxNode, value: string, region: Region): boolean {
  const layer = linearLayerOf(node, region.index.weights);
  if (layer !== null && layer.input === value) region.sinks.set(node.name, layer);
  else if (!elementwiseOperators.has(node.operator)) return false;
  else for (const output of node.outputs) region.values.add(output);
  return true;
}

/** The region of a layer's output; null where it reaches what cannot be made narrower. */
function regionOf(start: LinearLayer, index: GraphIndex, outputs: ReadonlySet<string>): Region | null {
  const region: Region = {
    index,
    width: outputsCountOf(start),
    values: new Set([start.output]),
    sources: new Map(),
    sinks: new Map(),
    vectors: new Map(),
  };
  // A set that grows while it is walked is walked to its end.
  for (const value of region.values) {
    if (outputs.has(value) || !addGiver(value, region)) return null;
    if (!index.readersOf(value).every((reader) => addReader(reader, value, region))) return null;
  }
  return region.sinks.size === 0 ? null : region;
}

function neuronsOf({ width, ...region }: Region): Prunable {
  const [sources, sinks] = [[...region.sources.values()], [...region.sinks.values()]];
  const vectors = [...region.vectors.values()];
  const name = sinks[0]?.node.name ?? "";
  return { kind: "neurons", name, unitsCount: width, unitWidth: 1, sources, sinks, vectors, reshapes: [] };
}

/** The neurons between layers: columns that only elementwise operators pass from some layers to others. */
export function findNeurons(graph: OnnxGraph): readonly Prunable[] {
  const index = indexGraph(graph);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const seen = new Set<string>();
  return graph.nodes.flatMap((node) => {
    const layer = seen.has(node.name) ? null : linearLayerOf(node, index.weights);
    const region = layer === null ? null : regionOf(layer, index, outputs);
    for (const name of region?.sources.keys() ?? []) seen.add(name);
    return region === null ? [] : [neuronsOf(region)];
  });
}
