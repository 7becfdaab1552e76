import { ModelError } from "./errors.ts";
import {
  cacheBytesOf,
  type CacheExtent,
  type CacheFormat,
  cacheFormats,
  cacheShapeOf,
  slidingCacheBytesOf,
} from "./cache.ts";
import { type PartShare, partSharesOf, type TypeShare, typeSharesOf } from "./contents.ts";
import { countOf, type Hyperparameters, hyperparametersOf } from "./hyperparameters.ts";
import type { Model } from "./model.ts";
import { modelOf } from "./reading.ts";
import { readWholeHeader } from "./shards.ts";

/** What a model needs of memory at a context, estimated from its header. */
export interface MemoryEstimate extends CacheExtent {
  readonly cacheFormat: CacheFormat;
  readonly weightsBytes: number;
  /** With every layer keeping the whole context, as numalab's engine has it; null where the format does not fit. */
  readonly kvBytes: number | null;
  /** With sliding layers keeping their window only, as llama.cpp's own programs have it. */
  readonly slidingKvBytes: number | null;
  /** What the largest graph needs besides. */
  readonly computeBytes: number;
  /** Weights, cache of the whole context and graph; null where the cache is not known. */
  readonly totalBytes: number | null;
}

/** What a model holds, what a token reads and keeps, and what it needs of memory. */
export interface Inspection extends Model {
  readonly types: readonly TypeShare[];
  readonly parts: readonly PartShare[];
  /** What each token of context adds to the cache, by its number format; null where rows are not whole blocks of it. */
  readonly kvBytesPerTokenByFormat: Readonly<Record<CacheFormat, number | null>>;
  readonly slidingLayersCount: number;
  readonly windowTokensCount: number | null;
  readonly memory: MemoryEstimate;
  /** What was counted how, where that is not plain. */
  readonly notes: readonly string[];
}

/** At what a model is looked at. */
export interface InspectionSpec {
  /** Default 4096, or what the model was trained for when that is less. */
  readonly contextTokensCount?: number;
  /** Default f16. */
  readonly cacheFormat?: CacheFormat;
  /** Tokens that one graph computes. Default 512, as in llama.cpp. */
  readonly microBatchTokensCount?: number;
}

const floatBytes = 4;

/**
 * The largest graph: at its end the scores of all tokens of a micro batch stand beside two hidden states; within a layer, the
 * three states of a feed-forward net and the mask of flash attention, two bytes a token of context.
 */
function computeBytesOf(shape: Hyperparameters, feedForwardSize: number, extent: CacheExtent): number {
  const { vocabularyCount, hiddenSize } = shape;
  const output = vocabularyCount + 2 * hiddenSize;
  const layer = 2 * hiddenSize + 3 * feedForwardSize + extent.contextTokensCount / 2;
  return Math.ceil(extent.microBatchTokensCount * floatBytes * Math.max(output, layer));
}

function feedForwardSizeOf({ metadata }: Parameters<typeof cacheShapeOf>[0], architecture: string): number {
  const key = `${architecture}.feed_forward_length`;
  const value = metadata.get(key);
  if (typeof value !== "object" || value === null) return countOf(metadata, key) ?? 0;
  return Math.max(0, ...(value.items ?? []).map(Number).filter(Number.isFinite));
}

/** The format as one that is known: a caller may have it from a user. */
function checkSpec({ contextTokensCount = 1, microBatchTokensCount = 1, cacheFormat = "f16" }: InspectionSpec): void {
  for (const [name, count] of Object.entries({ contextTokensCount, microBatchTokensCount })) {
    if (Number.isSafeInteger(count) && count > 0) continue;
    throw new ModelError("bad-spec", `${name} is ${count}. Pass a whole number above 0.`, { facts: { [name]: count } });
  }
  if (cacheFormats.includes(cacheFormat)) return;
  const message = `cacheFormat is ${cacheFormat}. Pass one of ${cacheFormats.join(", ")}.`;
  throw new ModelError("bad-spec", message, { facts: { cacheFormat } });
}

function notesOf(model: Model, slidingLayersCount: number): string[] {
  const hasExperts = model.tensors.some(({ name }) => name.includes("_exps."));
  return [
    "A token reads every tensor once, but of the embedding table one row only, unless it stands for the output.",
    ...(hasExperts ? ["Of the experts a token reads the share that the file says is used."] : []),
    ...(slidingLayersCount > 0
      ? [
          "Sliding layers are counted with the whole context, as numalab's engine keeps it; slidingKvBytes has their window.",
        ]
      : []),
    ...(model.tensors.some(({ name }) => name.includes(".ssm_"))
      ? ["The state of recurrent layers, which does not grow with the context, is not counted."]
      : []),
    "The memory of the process itself, and of copies that the engine makes of weights for its kernels, is not counted.",
  ];
}

/**
 * Reads what a model holds by storage format and by part, what a token reads and keeps, and estimates the memory it needs.
 * @throws {ModelError} `bad-spec`, and as `readModel`
 */
export async function inspectModel(path: string, spec: InspectionSpec = {}): Promise<Inspection> {
  checkSpec(spec);
  const header = await readWholeHeader(path);
  const model = modelOf(header);
  const shape = hyperparametersOf(header);
  const cache = cacheShapeOf(header, shape);
  const { cacheFormat = "f16", microBatchTokensCount = 512 } = spec;
  const contextTokensCount = spec.contextTokensCount ?? Math.min(4096, model.contextTokensCount ?? 4096);
  const extent = { contextTokensCount, microBatchTokensCount };
  const bytesByFormat = cacheFormats.map((format) => [format, cacheBytesOf(cache, format)] as const);
  const kvBytesPerToken = cacheBytesOf(cache, cacheFormat);
  const kvBytes = kvBytesPerToken === null ? null : kvBytesPerToken * contextTokensCount;
  const weightsBytes = model.tensors.reduce((total, { bytes }) => total + bytes, 0);
  const computeBytes = computeBytesOf(shape, feedForwardSizeOf(header, model.architecture), extent);
  const slidingLayersCount = cache.layers.filter(({ isSliding }) => isSliding).length;
  return {
    ...model,
    types: typeSharesOf(model.tensors),
    parts: partSharesOf(model.tensors),
    kvBytesPerTokenByFormat: Object.fromEntries(bytesByFormat) as Inspection["kvBytesPerTokenByFormat"],
    slidingLayersCount,
    windowTokensCount: cache.windowTokensCount,
    memory: {
      ...extent,
      cacheFormat,
      weightsBytes,
      kvBytes,
      slidingKvBytes: slidingCacheBytesOf(cache, cacheFormat, extent),
      computeBytes,
      totalBytes: kvBytes === null ? null : weightsBytes + kvBytes + computeBytes,
    },
    notes: notesOf(model, slidingLayersCount),
  };
}
