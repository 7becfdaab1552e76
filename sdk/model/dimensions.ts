import type { ModelShape } from "./shape.ts";

/** The halves of a gated feed-forward network, which some architectures keep in one matrix. */
const gateAndUp = 2;

/** Encoders tell the first text of a pair from the second. */
export const tokenKindsCount = 2;

function attentionOf({
  headsCount,
  kvHeadsCount,
  headSize,
  valueSize,
  rotarySize,
  queryLatentSize,
  keyValueLatentSize,
}: ModelShape) {
  const queries = headsCount * headSize;
  const keys = kvHeadsCount * headSize;
  return {
    heads: headsCount,
    head: headSize,
    value: valueSize,
    queries,
    keys,
    values: headsCount * valueSize,
    queriesKeysValues: queries + 2 * keys,
    queryLatent: queryLatentSize,
    queriesWithoutLatent: queryLatentSize === 0 ? queries : 0,
    keyValueLatent: keyValueLatentSize,
    keyValueLatentAndRotary: keyValueLatentSize + rotarySize,
    headWithoutRotary: headSize - rotarySize,
  };
}

function expertsOf(shape: ModelShape, layerIndex: number) {
  const experts = layerIndex < shape.denseLayersCount ? 0 : shape.expertsCount;
  return {
    experts,
    expertFeedForward: shape.expertFeedForwardSize,
    sharedExpertsFeedForward: experts === 0 ? 0 : shape.sharedExpertsCount * shape.expertFeedForwardSize,
    sigmoidExperts: shape.expertGating === "sigmoid" ? experts : 0,
    feedForward: experts === 0 ? shape.feedForwardSize : 0,
    feedForwardGateAndUp: experts === 0 ? gateAndUp * shape.feedForwardSize : 0,
  };
}

/** The sizes that the tensors of a layer are made of; 0 for what the model or this layer has none of. */
export function dimensionsOf(shape: ModelShape, layerIndex: number) {
  return {
    hidden: shape.hiddenSize,
    vocabulary: shape.vocabularyCount,
    untiedVocabulary: shape.tiedEmbeddings ? 0 : shape.vocabularyCount,
    context: shape.contextTokensCount,
    tokenKinds: tokenKindsCount,
    ...attentionOf(shape),
    ...expertsOf(shape, layerIndex),
  };
}

/** The name of a size that tensors are made of. */
export type Dimension = keyof ReturnType<typeof dimensionsOf>;

/** Tensors in the order of the file, by name: innermost dimension first. One with a dimension of 0 is left out. */
export type TensorTemplates = Readonly<Record<string, readonly Dimension[]>>;
