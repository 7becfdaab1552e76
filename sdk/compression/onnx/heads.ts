import { elementsCountOf, type OnnxGraph, type OnnxNode, type Tensor } from "../../onnx/index.ts";
import { type GraphIndex, indexGraph } from "./graphIndex.ts";
import { type LinearLayer, linearLayerOf, outputsCountOf } from "./linearLayer.ts";
import { elementwiseOperators, type Prunable } from "./prunable.ts";
import { shapeOf } from "./shapeConstant.ts";

/** What was found while walking from a softmax to the layers around the attention. */
interface Attention {
  readonly index: GraphIndex;
  /** Nodes between the layers. */
  readonly nodes: Set<OnnxNode>;
  readonly sources: Set<LinearLayer>;
  readonly sinks: Set<LinearLayer>;
}

/** Operators that move or combine what heads compute, and leave each head by itself. */
const headOperators = new Set([...elementwiseOperators, "MatMul", "Reshape", "Softmax", "Transpose"]);

function walkBack(value: string, attention: Attention): void {
  const node = attention.index.giverOf(value);
  if (node === undefined || attention.nodes.has(node)) return;
  const layer = linearLayerOf(node, attention.index.weights);
  if (layer !== null) attention.sources.add(layer);
  else if (headOperators.has(node.operator)) {
    attention.nodes.add(node);
    for (const input of node.inputs) walkBack(input, attention);
  }
}

/** Follows what reads a value to the next layers; false where something else reads it. */
function walkOn(value: string, attention: Attention): boolean {
  return attention.index.readersOf(value).every((node) => {
    const layer = linearLayerOf(node, attention.index.weights);
    if (layer !== null) {
      attention.sinks.add(layer);
      return true;
    }
    if (!headOperators.has(node.operator)) return false;
    attention.nodes.add(node);
    for (const input of node.inputs) if (input !== value) walkBack(input, attention);
    return node.outputs.every((output) => walkOn(output, attention));
  });
}

/** The number of heads that a shape tells apart, of so many columns in all; null where it joins them. */
function headsIn(shape: readonly number[], width: number): number | null {
  const [heads = 0, headSize = 0] = shape.slice(-2);
  const isSplit = heads > 0 && headSize !== width;
  return isSplit && (headSize === -1 || heads * headSize === width) ? heads : null;
}

/** The number of heads that all the reshapes say; null where they do not agree. */
function headsCountOf(reshapes: readonly OnnxNode[], width: number, index: GraphIndex): number | null {
  const counts = reshapes.map((reshape) => headsIn(shapeOf(reshape, index.weights) ?? [], width));
  const [count = null, ...others] = new Set(counts.filter((found) => found !== null));
  return others.length > 0 || count === null || width % count !== 0 ? null : count;
}

/** Weights that nodes between the layers read, but for single numbers. */
function vectorsOf({ nodes, index }: Attention): readonly Tensor[] {
  return [...nodes]
    .filter(({ operator }) => elementwiseOperators.has(operator))
    .flatMap(({ inputs }) => inputs.flatMap((input) => index.weights.get(input) ?? []))
    .filter(({ dimensions }) => elementsCountOf(dimensions) > 1);
}

function biasesOf(layers: Iterable<LinearLayer>, { weights }: GraphIndex): readonly Tensor[] {
  return [...layers].flatMap(({ bias }) => weights.get(bias ?? "") ?? []);
}

function headsOf(attention: Attention): Prunable | null {
  const { index, sources, sinks } = attention;
  const [[first], [sink]] = [[...sources], [...sinks]];
  const width = first === undefined ? 0 : outputsCountOf(first);
  if (sink === undefined || sources.size !== 3 || sinks.size !== 1) return null;
  const reshapes = [...attention.nodes].filter(({ operator }) => operator === "Reshape");
  const unitsCount = headsCountOf(reshapes, width, index);
  const vectors = [...vectorsOf(attention), ...biasesOf(sources, index)];
  const isEven = [...sources].every((source) => outputsCountOf(source) === width);
  const isByColumn = vectors.every(({ dimensions }) => dimensions.length === 1 && dimensions[0] === width);
  if (unitsCount === null || !isEven || !isByColumn) return null;
  const parts = { sources: [...sources], sinks: [...sinks], vectors, reshapes };
  return { kind: "heads", name: sink.node.name, unitsCount, unitWidth: width / unitsCount, ...parts };
}

/** The heads of each attention: a softmax between three layers of equal width (query, key, value) and one that follows. */
export function findHeads(graph: OnnxGraph): readonly Prunable[] {
  const index = indexGraph(graph);
  const softmaxes = graph.nodes.filter(({ operator }) => operator === "Softmax");
  return softmaxes.flatMap((softmax) => {
    const attention = {
      index,
      nodes: new Set<OnnxNode>(),
      sources: new Set<LinearLayer>(),
      sinks: new Set<LinearLayer>(),
    };
    const [output = ""] = softmax.outputs;
    walkBack(output, attention);
    return walkOn(output, attention) ? (headsOf(attention) ?? []) : [];
  });
}
