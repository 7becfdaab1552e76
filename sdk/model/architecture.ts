import type { TensorTemplates } from "./dimensions.ts";
import type { ModelShape } from "./shape.ts";
import * as parts from "./tensorTemplates.ts";

/** Keys below the name of the architecture: what they hold, of the shape or the same in every model. */
export type Keys<Value> = Readonly<Record<string, ((shape: ModelShape) => Value) | Value>>;

/** What llama.cpp needs to load the models of one architecture. */
export interface Architecture {
  /** What the models must have of the shape; what is left out is as the model says. */
  readonly needs: { readonly tiedEmbeddings?: boolean; readonly experts?: boolean; readonly headsFillLayer?: true };
  readonly before: TensorTemplates;
  readonly layer: TensorTemplates;
  readonly after: TensorTemplates;
  readonly counts: Keys<number>;
  readonly reals: Keys<number>;
  readonly switches?: Keys<boolean>;
}

const size: Keys<number> = {
  block_count: (shape) => shape.layersCount,
  context_length: (shape) => shape.contextTokensCount,
  embedding_length: (shape) => shape.hiddenSize,
  feed_forward_length: (shape) => shape.feedForwardSize,
  "attention.head_count": (shape) => shape.headsCount,
  "attention.head_count_kv": (shape) => shape.kvHeadsCount,
  "attention.key_length": (shape) => shape.headSize,
  "attention.value_length": (shape) => shape.headSize,
  "rope.dimension_count": (shape) => shape.rotarySize,
};

const expertCounts: Keys<number> = {
  expert_count: (shape) => shape.expertsCount,
  expert_used_count: (shape) => shape.expertsUsedCount,
};

const expertSizes: Keys<number> = {
  ...expertCounts,
  expert_feed_forward_length: (shape) => shape.expertFeedForwardSize,
};

const window: Keys<number> = { "attention.sliding_window": (shape) => shape.slidingWindowTokensCount };

const rotary: Keys<number> = { "rope.freq_base": (shape) => shape.ropeBase };

const rmsNorm: Keys<number> = {
  ...rotary,
  "attention.layer_norm_rms_epsilon": (shape) => shape.normEpsilon,
};

const layerNorm: Keys<number> = { "attention.layer_norm_epsilon": (shape) => shape.normEpsilon };

/** What most decoders have in common. */
const decoder = { needs: {}, before: parts.table, after: parts.output, counts: size, reals: rmsNorm };

const { attention, headNorms, biases, feedForward, experts } = parts;

/**
 * The architectures that can be synthesized, by the name that GGUF gives them.
 * @see https://github.com/ggml-org/llama.cpp/tree/master/src/models one file each, for tensors and keys
 */
export const architectures = {
  llama: {
    ...decoder,
    layer: { ...attention, ...parts.attentionOutput, ...feedForward, ...experts },
    counts: { ...size, ...expertCounts },
  },
  qwen2: {
    ...decoder,
    needs: { headsFillLayer: true, experts: false },
    layer: { ...attention, ...biases, ...parts.attentionOutput, ...feedForward },
  },
  qwen3: {
    ...decoder,
    needs: { experts: false },
    layer: { ...attention, ...headNorms, ...parts.attentionOutput, ...feedForward },
  },
  arcee: {
    ...decoder,
    needs: { experts: false },
    layer: { ...attention, ...parts.attentionOutput, ...parts.feedForwardNorm, ...parts.upAndDown },
  },
  gemma: {
    ...decoder,
    needs: { tiedEmbeddings: true, experts: false },
    layer: { ...attention, ...parts.attentionOutput, ...feedForward },
  },
  gemma2: {
    ...decoder,
    needs: { tiedEmbeddings: true, experts: false },
    layer: { ...attention, ...parts.attentionOutput, ...feedForward, ...parts.postNorms },
    counts: { ...size, ...window },
    reals: { ...rmsNorm, attn_logit_softcapping: 50, final_logit_softcapping: 30 },
  },
  gemma3: {
    ...decoder,
    needs: { tiedEmbeddings: true, experts: false },
    layer: { ...attention, ...headNorms, ...parts.attentionOutput, ...feedForward, ...parts.postNorms },
    counts: { ...size, ...window },
    reals: { ...rmsNorm, "rope.freq_base_swa": 10_000 },
  },
  phi2: {
    ...decoder,
    needs: { tiedEmbeddings: false, experts: false, headsFillLayer: true },
    layer: parts.parallelLayer,
    after: parts.biasedOutput,
    reals: { ...rotary, ...layerNorm },
  },
  phi3: {
    ...decoder,
    needs: { experts: false, headsFillLayer: true },
    layer: parts.fusedLayer,
  },
  qwen2moe: {
    ...decoder,
    needs: { tiedEmbeddings: false, experts: true, headsFillLayer: true },
    layer: {
      ...attention,
      ...biases,
      ...parts.attentionOutput,
      ...parts.feedForwardNorm,
      ...experts,
      "ffn_gate_inp_shexp.weight": ["hidden"],
      ...parts.sharedExperts,
    },
    counts: {
      ...size,
      ...expertSizes,
      expert_shared_feed_forward_length: (shape) => shape.sharedExpertsCount * shape.expertFeedForwardSize,
    },
  },
  qwen3moe: {
    ...decoder,
    needs: { experts: true },
    layer: { ...attention, ...headNorms, ...parts.attentionOutput, ...parts.feedForwardNorm, ...experts },
    counts: { ...size, ...expertSizes },
  },
  deepseek2: {
    ...decoder,
    needs: { experts: true },
    layer: { ...parts.latentAttention, ...feedForward, ...experts, ...parts.sharedExperts },
    counts: {
      ...size,
      ...expertSizes,
      expert_shared_count: (shape) => shape.sharedExpertsCount,
      leading_dense_block_count: (shape) => shape.denseLayersCount,
      expert_gating_func: (shape) => (shape.expertGating === "sigmoid" ? 2 : 1),
      "attention.head_count_kv": 1,
      "attention.key_length": (shape) => shape.keyValueLatentSize + shape.rotarySize,
      "attention.value_length": (shape) => shape.keyValueLatentSize,
      "attention.key_length_mla": (shape) => shape.headSize,
      "attention.value_length_mla": (shape) => shape.valueSize,
      "attention.q_lora_rank": (shape) => shape.queryLatentSize,
      "attention.kv_lora_rank": (shape) => shape.keyValueLatentSize,
    },
    reals: { ...rmsNorm, expert_weights_scale: (shape) => (shape.expertGating === "sigmoid" ? 2.5 : 1) },
    switches: { expert_weights_norm: (shape) => shape.expertGating === "sigmoid" },
  },
  bert: {
    needs: { tiedEmbeddings: true, experts: false, headsFillLayer: true },
    before: parts.encoderTables,
    layer: parts.encoderLayer,
    after: parts.pooler,
    counts: { ...size, pooling_type: 1 },
    reals: layerNorm,
    switches: { "attention.causal": false },
  },
} satisfies Record<string, Architecture>;

/** The name of an architecture that can be synthesized. */
export type ArchitectureName = keyof typeof architectures;

/** All of them. */
export const architectureNames = Object.keys(architectures) as readonly ArchitectureName[];

/** What an architecture needs of a shape; nothing of an unknown one. */
export function needsOf(name: ArchitectureName): Architecture["needs"] {
  return Object.hasOwn(architectures, name) ? architectures[name].needs : {};
}
