import type { GgufScalar, StoredModel, StoredTensor } from "../../model/index.ts";
import { CompressionError } from "../errors.ts";

/** One layer of a decoder, as its file has it. */
export interface DecoderLayer {
  readonly index: number;
  /** By the name behind `blk.N.`. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly feedForwardSize: number;
  readonly headsCount: number;
  readonly kvHeadsCount: number;
}

/** A decoder as pruning sees it. */
export interface Decoder {
  readonly model: StoredModel;
  readonly architecture: string;
  readonly headSize: number;
  readonly layers: readonly DecoderLayer[];
}

/** The error of a model whose shape cannot be changed as asked. */
export function notPrunable(path: string, found: string): CompressionError {
  const message = `${path} cannot be pruned so: ${found}. Prune another part, or a model of the architecture llama.`;
  return new CompressionError("not-prunable", message, { facts: { path } });
}

/** What a key states for a layer: some models state one number for all, some a list. */
function perLayer(model: StoredModel, key: string, layersCount: number): readonly number[] {
  const value = model.metadata.find((entry) => entry.key === key)?.value ?? null;
  const items: readonly GgufScalar[] =
    typeof value === "object" ? (value?.items ?? []) : Array<GgufScalar>(layersCount).fill(value);
  const counts = items.map(Number).filter((count) => Number.isSafeInteger(count) && count >= 0);
  if (counts.length >= layersCount) return counts;
  throw notPrunable(model.path, `it states no ${key} for each of its ${layersCount} layers`);
}

/**
 * The layers of a stored model.
 * @throws {CompressionError} `not-prunable` when the file does not state their sizes
 */
export function decoderOf(model: StoredModel): Decoder {
  const architecture = model.metadata.find(({ key }) => key === "general.architecture")?.value;
  if (typeof architecture !== "string") throw notPrunable(model.path, "it states no architecture");
  const read = (name: string, layersCount: number) => perLayer(model, `${architecture}.${name}`, layersCount);
  const [layersCount = 0] = read("block_count", 1);
  const [hiddenSize = 0] = read("embedding_length", 1);
  const headsCounts = read("attention.head_count", layersCount);
  const hasKvHeads = model.metadata.some(({ key }) => key === `${architecture}.attention.head_count_kv`);
  const kvHeadsCounts = hasKvHeads ? read("attention.head_count_kv", layersCount) : headsCounts;
  const feedForwardSizes = read("feed_forward_length", layersCount);
  const hasHeadSize = model.metadata.some(({ key }) => key === `${architecture}.attention.key_length`);
  const [headSize = 0] = hasHeadSize
    ? read("attention.key_length", 1)
    : [hiddenSize / Math.max(1, headsCounts[0] ?? 1)];
  const layers = Array.from({ length: layersCount }, (_, index): DecoderLayer => {
    const prefix = `blk.${index}.`;
    const own = model.tensors.filter(({ name }) => name.startsWith(prefix));
    return {
      index,
      tensors: new Map(own.map((tensor) => [tensor.name.slice(prefix.length), tensor])),
      feedForwardSize: feedForwardSizes[index] ?? 0,
      headsCount: headsCounts[index] ?? 0,
      kvHeadsCount: kvHeadsCounts[index] ?? 0,
    };
  });
  return { model, architecture, headSize, layers };
}

/**
 * A tensor of a layer with the size it must have.
 * @throws {CompressionError} `not-prunable` when there is none, or it has another size
 */
export function requireTensor(
  layer: DecoderLayer,
  name: string,
  size: { outputs?: number; inputs?: number },
): StoredTensor {
  const tensor = layer.tensors.get(name);
  const path = tensor?.path ?? "The model";
  if (tensor === undefined) throw notPrunable(path, `layer ${layer.index} has no ${name}`);
  const [inputs, outputs] = tensor.dimensions;
  if ((size.inputs ?? inputs) === inputs && (size.outputs ?? outputs) === outputs) return tensor;
  throw notPrunable(path, `${tensor.name} is of ${tensor.dimensions.join(" × ")}, and the file states other sizes`);
}
