import type { FileHeader } from "./file.ts";
import type { GgufHeader } from "./gguf.ts";
import { countOf, type Hyperparameters } from "./hyperparameters.ts";
import { tensorTypeOf } from "./tensorType.ts";

/** The number formats that llama.cpp can keep keys and values in. */
export const cacheFormats = ["f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"] as const;

/** A number format of cached keys and values. */
export type CacheFormat = (typeof cacheFormats)[number];

/** What one layer keeps of each token. */
interface CacheLayer {
  readonly keyNumbersCount: number;
  /** 0 where attention is latent: the keys hold the values too. */
  readonly valueNumbersCount: number;
  /** Whether it looks only at the last tokens. */
  readonly isSliding: boolean;
}

/** What the layers of a model keep of a text. */
export interface CacheShape {
  readonly layers: readonly CacheLayer[];
  /** How many tokens sliding layers look back; null where all layers see the whole context. */
  readonly windowTokensCount: number | null;
}

/**
 * Of how many layers in turn all but one slide, where a file does not say.
 * @see https://github.com/ggml-org/llama.cpp/tree/master/src/models
 */
const slidingPeriods: Readonly<Record<string, number>> = {
  gemma2: 2,
  gemma3: 6,
  gemma3n: 5,
  cohere2: 4,
  olmo2: 4,
  "gpt-oss": 2,
  exaone4: 4,
  plamo3: 8,
  llama4: 4,
};

/** Whether each layer slides: as the file lists it, else all but the last of each period. */
function slidesOf({ metadata }: Pick<GgufHeader, "metadata">, architecture: string): (layerIndex: number) => boolean {
  const pattern = metadata.get(`${architecture}.attention.sliding_window_pattern`);
  if (typeof pattern === "object" && pattern !== null) return (index) => pattern.items?.[index] === true;
  const period = typeof pattern === "number" ? pattern : slidingPeriods[architecture];
  return period === undefined ? () => false : (index) => period === 0 || index % period < period - 1;
}

/**
 * What each layer of a model keeps: keys and values of its own number of heads; the last layers nothing where they use those
 * of earlier ones; latent attention one key, which holds the value too.
 * @throws {ModelError} `corrupt-header`
 */
export function cacheShapeOf({ metadata }: Pick<FileHeader, "metadata">, shape: Hyperparameters): CacheShape {
  const { architecture, attention, layersCount } = shape;
  const count = (key: string) => countOf(metadata, `${architecture}.attention.${key}`);
  const windowTokensCount = count("sliding_window") ?? 0;
  const slides = slidesOf({ metadata }, architecture);
  const isLatent = (count("key_length_mla") ?? 0) > 0;
  const ownCount = attention.causal ? layersCount - (count("shared_kv_layers") ?? 0) : 0;
  const layers = attention.kvHeadsCounts.slice(0, Math.max(0, ownCount)).map((headsCount, index) => ({
    keyNumbersCount: headsCount * attention.keySize,
    valueNumbersCount: isLatent ? 0 : headsCount * attention.valueSize,
    isSliding: windowTokensCount > 0 && slides(index),
  }));
  return { layers, windowTokensCount: layers.some(({ isSliding }) => isSliding) ? windowTokensCount : null };
}

function rowBytesOf(numbersCount: number, format: CacheFormat): number | null {
  const { blockWeights, blockBytes } = tensorTypeOf(format);
  return numbersCount % blockWeights === 0 ? (numbersCount / blockWeights) * blockBytes : null;
}

function sumOf(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
}

/** The bytes that a cached token takes in a format; null where a layer's numbers are not whole blocks of it. */
export function cacheBytesOf({ layers }: Pick<CacheShape, "layers">, format: CacheFormat): number | null {
  const numbers = layers.flatMap(({ keyNumbersCount, valueNumbersCount }) => [keyNumbersCount, valueNumbersCount]);
  return sumOf(numbers.map((count) => rowBytesOf(count, format)));
}

/** How much of a context is kept: tokens that the engine computes at a time are kept beside the window. */
export interface CacheExtent {
  readonly contextTokensCount: number;
  readonly microBatchTokensCount: number;
}

/** Sliding layers are kept in multiples of this. */
const windowStepTokens = 256;

/**
 * The bytes of the cache where sliding layers keep no more than they look at, as llama.cpp's own programs do; null where a
 * layer's numbers are not whole blocks.
 * @see https://github.com/ggml-org/llama.cpp/blob/master/src/llama-kv-cache-iswa.cpp
 */
export function slidingCacheBytesOf(shape: CacheShape, format: CacheFormat, extent: CacheExtent): number | null {
  const { contextTokensCount, microBatchTokensCount } = extent;
  const seen = Math.min(contextTokensCount, (shape.windowTokensCount ?? contextTokensCount) + microBatchTokensCount);
  const slidingTokensCount = Math.ceil(seen / windowStepTokens) * windowStepTokens;
  const bytes = [true, false].map((isSliding) => {
    const layers = shape.layers.filter((layer) => layer.isSliding === isSliding);
    const bytesPerToken = cacheBytesOf({ layers }, format);
    return bytesPerToken === null ? null : bytesPerToken * (isSliding ? slidingTokensCount : contextTokensCount);
  });
  return sumOf(bytes);
}
