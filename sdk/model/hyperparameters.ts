import { corruptHeader, ModelError } from "./errors.ts";
import type { GgufHeader, GgufValue } from "./gguf.ts";

/** How the attention of a model is shaped; per layer where layers differ. */
interface Attention {
  readonly headsCounts: readonly number[];
  readonly kvHeadsCounts: readonly number[];
  readonly keySize: number;
  readonly valueSize: number;
  /** False for encoders, which read a text at once and keep no cache. */
  readonly causal: boolean;
}

/** The numbers that fix the shape of a model, as its metadata states them. */
export interface Hyperparameters {
  readonly architecture: string;
  readonly layersCount: number;
  readonly hiddenSize: number;
  readonly attention: Attention;
  readonly vocabularyCount: number;
  readonly contextTokensCount: number | null;
  /** The share of experts that one token goes through; 1 without experts. */
  readonly expertsUsedRatio: number;
}

type Metadata = GgufHeader["metadata"];

const mostLayers = 10_000;

/** More than any model has of anything. */
const mostOfAnything = 2 ** 31;

function checkCount(value: unknown, key: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < mostOfAnything) return value;
  throw corruptHeader(`The key ${key} does not hold a count`, { key });
}

function requireKey(metadata: Metadata, key: string): GgufValue {
  const value = metadata.get(key);
  if (value !== undefined) return value;
  throw new ModelError(
    "not-a-language-model",
    `The file does not state ${key}, so it holds no language model. Pass the model itself: no projector, adapter or later shard.`,
    { facts: { key } },
  );
}

function requireCount(metadata: Metadata, key: string): number {
  return checkCount(requireKey(metadata, key), key);
}

/**
 * The count that a key holds, or null when there is none.
 * @throws {ModelError} `corrupt-header`
 */
export function countOf(metadata: Metadata, key: string): number | null {
  return metadata.has(key) ? requireCount(metadata, key) : null;
}

/** One count a layer: some models state one for all, some a list. */
function countsOf(metadata: Metadata, key: string, layersCount: number): readonly number[] {
  const value = requireKey(metadata, key);
  if (typeof value !== "object" || value === null) return Array<number>(layersCount).fill(checkCount(value, key));
  if (value.items === null || value.count < layersCount) {
    throw corruptHeader(`The key ${key} holds ${value.count} items, and there are ${layersCount} layers`, { key });
  }
  return value.items.slice(0, layersCount).map((item) => checkCount(item, key));
}

function attentionOf(metadata: Metadata, prefix: string, size: { layersCount: number; hiddenSize: number }): Attention {
  const headsKey = `${prefix}.head_count`;
  const kvHeadsKey = metadata.has(`${headsKey}_kv`) ? `${headsKey}_kv` : headsKey;
  const headsCounts = countsOf(metadata, headsKey, size.layersCount);
  const mostHeads = Math.max(1, ...headsCounts);
  const keySize = countOf(metadata, `${prefix}.key_length`) ?? Math.floor(size.hiddenSize / mostHeads);
  return {
    headsCounts,
    kvHeadsCounts: countsOf(metadata, kvHeadsKey, size.layersCount),
    keySize,
    valueSize: countOf(metadata, `${prefix}.value_length`) ?? keySize,
    causal: metadata.get(`${prefix}.causal`) !== false,
  };
}

/** From the list of tokens, else from the table that has a row for each. */
function vocabularyCountOf({ metadata, tensors }: GgufHeader): number {
  const tokens = metadata.get("tokenizer.ggml.tokens");
  const rowsCount = tensors.find((tensor) => tensor.name === "token_embd.weight")?.dimensions[1];
  if (typeof tokens !== "object" || tokens === null) return rowsCount ?? 0;
  if (rowsCount === undefined || rowsCount === tokens.count) return tokens.count;
  const found = `The vocabulary has ${tokens.count} tokens, and the embedding table ${rowsCount} rows`;
  const message = `${found}, so no engine could load the model. Give it the vocabulary that it was made with.`;
  throw new ModelError("vocabulary-mismatch", message, { facts: { tokensCount: tokens.count, rowsCount } });
}

function expertsUsedRatioOf(metadata: Metadata, architecture: string): number {
  const count = countOf(metadata, `${architecture}.expert_count`) ?? 0;
  const usedCount = countOf(metadata, `${architecture}.expert_used_count`) ?? 0;
  return count === 0 ? 1 : Math.min(1, usedCount / count);
}

function requireArchitecture(metadata: Metadata): string {
  const value = requireKey(metadata, "general.architecture");
  if (typeof value === "string") return value;
  throw corruptHeader("The key general.architecture does not hold a name");
}

/**
 * The shape of the model in a file.
 * @throws {ModelError} `not-a-language-model` when a needed key is absent, `corrupt-header` when one is senseless,
 * `vocabulary-mismatch` when the embedding table has not a row for each token
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md#llm
 */
export function hyperparametersOf(header: GgufHeader): Hyperparameters {
  const { metadata } = header;
  const architecture = requireArchitecture(metadata);
  const layersCount = requireCount(metadata, `${architecture}.block_count`);
  if (layersCount > mostLayers)
    throw corruptHeader(`The model has ${layersCount} layers, and ${mostLayers} is the most`);
  const hiddenSize = requireCount(metadata, `${architecture}.embedding_length`);
  return {
    architecture,
    layersCount,
    hiddenSize,
    attention: attentionOf(metadata, `${architecture}.attention`, { layersCount, hiddenSize }),
    vocabularyCount: vocabularyCountOf(header),
    contextTokensCount: countOf(metadata, `${architecture}.context_length`),
    expertsUsedRatio: expertsUsedRatioOf(metadata, architecture),
  };
}
