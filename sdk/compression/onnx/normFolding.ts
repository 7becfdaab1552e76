import { float32Of, type OnnxGraph, type OnnxNode, tensorOf } from "../../onnx/index.ts";
import { type GraphIndex, indexGraph } from "./graphIndex.ts";
import { type Replacement, replaceNodes } from "./replacement.ts";
import { type StaticLayer, staticLayerOf } from "./staticLayer.ts";

/** What a batch norm does to each channel: multiplies it, and adds to it. */
interface ChannelChange {
  readonly factors: Float32Array;
  readonly terms: Float32Array;
}

/** The change that a batch norm makes; null where its numbers are not stored with the graph. */
function changeOf({ inputs, attributes }: OnnxNode, { weights }: GraphIndex): ChannelChange | null {
  const stored = inputs.slice(1, 5).flatMap((name) => weights.get(name) ?? []);
  if (stored.length < 4 || stored.some(({ type }) => type !== "float32")) return null;
  const [scale = [], bias = [], mean = [], variance = []] = stored.map(float32Of);
  const { epsilon } = attributes;
  const smallest = epsilon !== undefined && "float" in epsilon ? epsilon.float : 1e-5;
  const factors = Float32Array.from(scale, (value, at) => value / Math.sqrt((variance[at] ?? 0) + smallest));
  const terms = Float32Array.from(bias, (value, at) => value - (mean[at] ?? 0) * (factors[at] ?? 0));
  return { factors, terms };
}

/** A convolution with the norm that alone reads it. */
interface NormedConvolution {
  readonly convolution: StaticLayer;
  readonly norm: OnnxNode;
  readonly change: ChannelChange;
}

/** A convolution whose numbers are all stored with the graph; null for any other node. */
function storedConvolutionOf(node: OnnxNode | undefined, { weights }: GraphIndex): StaticLayer | null {
  if (node?.operator !== "Conv") return null;
  const layer = staticLayerOf(node, weights);
  const isBiasComputed = layer?.bias === null && node.inputs.length > 2;
  return isBiasComputed ? null : layer;
}

/** The convolution before a norm; null where it cannot take the norm in. */
function normedConvolutionOf(
  norm: OnnxNode,
  index: GraphIndex,
  outputs: ReadonlySet<string>,
): NormedConvolution | null {
  if (norm.operator !== "BatchNormalization") return null;
  const [convolved = ""] = norm.inputs;
  const [convolution, change] = [storedConvolutionOf(index.giverOf(convolved), index), changeOf(norm, index)];
  const isShared = outputs.has(convolved) || index.readersOf(convolved).length > 1;
  return convolution === null || change === null || isShared ? null : { convolution, norm, change };
}

/** One convolution that does what both did. */
function folded({ convolution, norm, change: { factors, terms } }: NormedConvolution): Replacement {
  const { node, weight: kernel, bias } = convolution;
  const kernelValues = float32Of(kernel);
  const channelSize = kernelValues.length / factors.length;
  const before = bias === null ? null : float32Of(bias);
  // Names of their own, because other convolutions may share a kernel.
  const weights = [
    tensorOf(
      `${node.name}:kernel`,
      kernelValues.map((value, at) => value * (factors[Math.floor(at / channelSize)] ?? 1)),
      kernel.dimensions,
    ),
    tensorOf(
      `${node.name}:bias`,
      terms.map((term, channel) => term + (before?.[channel] ?? 0) * (factors[channel] ?? 1)),
    ),
  ];
  const inputs = [node.inputs[0] ?? "", ...weights.map(({ name }) => name)];
  return { nodes: [{ ...node, inputs, outputs: norm.outputs.slice(0, 1) }], weights };
}

/**
 * The graph with batch norms taken into the convolutions before them, which compute the same with fewer steps. What is
 * quantized must be folded first: a convolution is stored in whole numbers together with what follows it.
 */
export function foldNorms(graph: OnnxGraph): OnnxGraph {
  const index = indexGraph(graph);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const found = graph.nodes.flatMap((node) => normedConvolutionOf(node, index, outputs) ?? []);
  const byConvolution = new Map(found.map((pair) => [pair.convolution.node, pair]));
  const norms = new Set(found.map(({ norm }) => norm));
  return replaceNodes(graph, (node) => {
    const pair = byConvolution.get(node);
    if (pair !== undefined) return folded(pair);
    return norms.has(node) ? { nodes: [], weights: [] } : null;
  });
}
