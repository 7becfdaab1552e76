import type { StoredTensor } from "../../model/index.ts";
import { CompressionError } from "../errors.ts";
import { type Decoder, type DecoderLayer, notPrunable, requireTensor } from "./layer.ts";
import { rowLayoutOf } from "./numbers.ts";
import { keptCounts, strongest } from "../kept.ts";
import { grouped, sumSquares } from "./scores.ts";

/** What a pruned model keeps. */
export interface PruningSpec {
  /** The layers to keep, counted from 0, in rising order. All when left out. */
  readonly layers?: readonly number[];
  /** The share of feed-forward neurons to keep in each kept layer, or how many in each. */
  readonly feedForward?: number | readonly number[];
  /** The share of key and value heads, each with the query heads that use it, or how many in each kept layer. */
  readonly kvHeads?: number | readonly number[];
  /**
   * How much each input of a tensor matters, by the tensor's name, as an importance matrix tells it. Without it a neuron or
   * head is as important as its weights are large.
   */
  readonly importance?: ReadonlyMap<string, Float32Array>;
}

/** What one layer keeps: places in rising order. */
export interface LayerPlan {
  readonly layer: DecoderLayer;
  readonly neurons: readonly number[];
  readonly kvHeads: readonly number[];
}

/** Widths that every format of small blocks packs whole. */
const widthStep = 32;

function badSetting(message: string, facts: Readonly<Record<string, unknown>>): CompressionError {
  return new CompressionError("bad-setting", message, { facts });
}

function keptLayers({ layers, architecture, model }: Decoder, asked: readonly number[] | undefined) {
  if (asked === undefined) return layers;
  const isRising = asked.every((index, at) => at === 0 || index > (asked[at - 1] ?? index));
  const kept = asked.flatMap((index) => layers[index] ?? []);
  if (!isRising || kept.length !== asked.length || kept.length === 0) {
    const message = `The layers to keep are ${asked.join(", ")}. Pass some of 0 to ${layers.length - 1}, in rising order.`;
    throw badSetting(message, { asked, layersCount: layers.length });
  }
  const slides = model.metadata.some(({ key }) => key === `${architecture}.attention.sliding_window`);
  if (slides && kept.length < layers.length) {
    throw notPrunable(model.path, "which of its layers slide depends on their number, so none can be left out");
  }
  return kept;
}

/** The squares of a tensor's columns, each as often as its input matters. */
async function columnScores(tensor: StoredTensor, importance: PruningSpec["importance"]): Promise<Float64Array> {
  const squares = await sumSquares(tensor, "columns");
  const weights = importance?.get(tensor.name);
  if (weights === undefined) return squares;
  if (weights.length === squares.length) return squares.map((square, at) => square * (weights[at] ?? 0));
  const message = `The importance of ${tensor.name} has ${weights.length} numbers, and it has ${squares.length} inputs. Pass that of this model.`;
  throw badSetting(message, { name: tensor.name });
}

function add(scores: Float64Array, more: Float64Array): Float64Array {
  return scores.map((score, at) => score + (more[at] ?? 0));
}

/** Places of blocks as the places of what they hold. */
function unpacked(blocks: readonly number[], size: number): readonly number[] {
  return blocks.flatMap((block) => Array.from({ length: size }, (_, at) => block * size + at));
}

async function chooseNeurons(layer: DecoderLayer, count: number, { importance }: PruningSpec) {
  const { feedForwardSize } = layer;
  if (count === feedForwardSize) return [...Array(count).keys()];
  const down = requireTensor(layer, "ffn_down.weight", { inputs: feedForwardSize });
  const { blockWeights } = rowLayoutOf(down);
  if (count % blockWeights !== 0) {
    const message = `${down.name} packs ${blockWeights} neurons in one block of ${down.type}, and ${count} are to be kept. Keep a multiple of ${blockWeights}, or prune the F16 file first, then quantize.`;
    throw new CompressionError("needs-whole-blocks", message, { facts: { name: down.name, blockWeights, count } });
  }
  let scores = await columnScores(down, importance);
  for (const name of importance?.has(down.name) === true ? [] : ["ffn_gate.weight", "ffn_up.weight"]) {
    scores = add(scores, await sumSquares(requireTensor(layer, name, { outputs: feedForwardSize }), "rows"));
  }
  return unpacked(strongest(grouped(scores, blockWeights), count / blockWeights), blockWeights);
}

async function chooseKvHeads(
  layer: DecoderLayer,
  count: number,
  { headSize, spec }: { headSize: number; spec: PruningSpec },
) {
  const { headsCount, kvHeadsCount } = layer;
  if (count === kvHeadsCount) return [...Array(count).keys()];
  const queriesSize = headsCount * headSize;
  const output = requireTensor(layer, "attn_output.weight", { inputs: queriesSize });
  let scores = grouped(await columnScores(output, spec.importance), queriesSize / kvHeadsCount);
  for (const name of spec.importance?.has(output.name) === true ? [] : ["attn_q", "attn_k", "attn_v"]) {
    const outputs = name === "attn_q" ? queriesSize : kvHeadsCount * headSize;
    const squares = await sumSquares(requireTensor(layer, `${name}.weight`, { outputs }), "rows");
    scores = add(scores, grouped(squares, outputs / kvHeadsCount));
  }
  return strongest(scores, count);
}

/**
 * Chooses what each layer keeps: the neurons and the groups of heads with the highest scores.
 * @throws {CompressionError} `bad-setting`, `not-prunable` or `needs-whole-blocks`
 */
export async function planLayers(decoder: Decoder, spec: PruningSpec): Promise<readonly LayerPlan[]> {
  const { headSize } = decoder;
  const kept = keptLayers(decoder, spec.layers);
  const blocks = kept
    .map(({ tensors }) => tensors.get("ffn_down.weight"))
    .map((down) => (down ? rowLayoutOf(down).blockWeights : 1));
  const neuronsCounts = keptCounts(
    spec.feedForward,
    kept.map(({ feedForwardSize }) => feedForwardSize),
    Math.max(widthStep, ...blocks),
  );
  const kvHeadsCounts = keptCounts(
    spec.kvHeads,
    kept.map(({ kvHeadsCount }) => kvHeadsCount),
    1,
  );
  const plans: LayerPlan[] = [];
  for (const [at, layer] of kept.entries()) {
    const neurons = await chooseNeurons(layer, Math.min(layer.feedForwardSize, neuronsCounts[at] ?? 0), spec);
    plans.push({ layer, neurons, kvHeads: await chooseKvHeads(layer, kvHeadsCounts[at] ?? 0, { headSize, spec }) });
  }
  return plans;
}
