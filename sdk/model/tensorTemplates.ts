import type { TensorTemplates } from "./dimensions.ts";

export const table = { "token_embd.weight": ["hidden", "vocabulary"] } as const satisfies TensorTemplates;

/** After the last layer. */
export const output = {
  "output_norm.weight": ["hidden"],
  "output.weight": ["hidden", "untiedVocabulary"],
} as const satisfies TensorTemplates;

export const attention = {
  "attn_norm.weight": ["hidden"],
  "attn_q.weight": ["hidden", "queries"],
  "attn_k.weight": ["hidden", "keys"],
  "attn_v.weight": ["hidden", "keys"],
} as const satisfies TensorTemplates;

export const biases = {
  "attn_q.bias": ["queries"],
  "attn_k.bias": ["keys"],
  "attn_v.bias": ["keys"],
} as const satisfies TensorTemplates;

/** Norms of each head's queries and keys. */
export const headNorms = {
  "attn_q_norm.weight": ["head"],
  "attn_k_norm.weight": ["head"],
} as const satisfies TensorTemplates;

export const attentionOutput = { "attn_output.weight": ["queries", "hidden"] } as const satisfies TensorTemplates;

export const feedForwardNorm = { "ffn_norm.weight": ["hidden"] } as const satisfies TensorTemplates;

/** A feed-forward network without a gate. */
export const upAndDown = {
  "ffn_up.weight": ["hidden", "feedForward"],
  "ffn_down.weight": ["feedForward", "hidden"],
} as const satisfies TensorTemplates;

export const feedForward = {
  ...feedForwardNorm,
  "ffn_gate.weight": ["hidden", "feedForward"],
  ...upAndDown,
} as const satisfies TensorTemplates;

/** What stands in the place of one feed-forward network: many, and what chooses among them. */
export const experts = {
  "ffn_gate_inp.weight": ["hidden", "experts"],
  "exp_probs_b.bias": ["sigmoidExperts"],
  "ffn_gate_exps.weight": ["hidden", "expertFeedForward", "experts"],
  "ffn_up_exps.weight": ["hidden", "expertFeedForward", "experts"],
  "ffn_down_exps.weight": ["expertFeedForward", "hidden", "experts"],
} as const satisfies TensorTemplates;

/** What every token goes through beside its experts. */
export const sharedExperts = {
  "ffn_gate_shexp.weight": ["hidden", "sharedExpertsFeedForward"],
  "ffn_up_shexp.weight": ["hidden", "sharedExpertsFeedForward"],
  "ffn_down_shexp.weight": ["sharedExpertsFeedForward", "hidden"],
} as const satisfies TensorTemplates;

/** Norms of what attention and feed-forward network give. */
export const postNorms = {
  "post_attention_norm.weight": ["hidden"],
  "post_ffw_norm.weight": ["hidden"],
} as const satisfies TensorTemplates;

/** Queries, keys and values in one matrix, gate and up in another. */
export const fusedLayer = {
  "attn_norm.weight": ["hidden"],
  "attn_qkv.weight": ["hidden", "queriesKeysValues"],
  ...attentionOutput,
  ...feedForwardNorm,
  "ffn_up.weight": ["hidden", "feedForwardGateAndUp"],
  "ffn_down.weight": ["feedForward", "hidden"],
} as const satisfies TensorTemplates;

/** Attention and feed-forward network side by side, after one norm. */
export const parallelLayer = {
  "attn_norm.weight": ["hidden"],
  "attn_norm.bias": ["hidden"],
  "attn_qkv.weight": ["hidden", "queriesKeysValues"],
  "attn_qkv.bias": ["queriesKeysValues"],
  ...attentionOutput,
  "attn_output.bias": ["hidden"],
  ...upAndDown,
  "ffn_up.bias": ["feedForward"],
  "ffn_down.bias": ["hidden"],
} as const satisfies TensorTemplates;

export const biasedOutput = {
  "output_norm.weight": ["hidden"],
  "output_norm.bias": ["hidden"],
  "output.weight": ["hidden", "vocabulary"],
  "output.bias": ["vocabulary"],
} as const satisfies TensorTemplates;

/** Keys and values of all heads, and in large models queries too, unfolded from a few numbers a token. */
export const latentAttention = {
  "attn_norm.weight": ["hidden"],
  "attn_q.weight": ["hidden", "queriesWithoutLatent"],
  "attn_q_a.weight": ["hidden", "queryLatent"],
  "attn_q_a_norm.weight": ["queryLatent"],
  "attn_q_b.weight": ["queryLatent", "queries"],
  "attn_kv_a_mqa.weight": ["hidden", "keyValueLatentAndRotary"],
  "attn_kv_a_norm.weight": ["keyValueLatent"],
  "attn_k_b.weight": ["headWithoutRotary", "keyValueLatent", "heads"],
  "attn_v_b.weight": ["keyValueLatent", "value", "heads"],
  "attn_output.weight": ["values", "hidden"],
} as const satisfies TensorTemplates;

export const encoderTables = {
  ...table,
  "token_types.weight": ["hidden", "tokenKinds"],
  "position_embd.weight": ["hidden", "context"],
  "token_embd_norm.weight": ["hidden"],
  "token_embd_norm.bias": ["hidden"],
} as const satisfies TensorTemplates;

/** A layer of an encoder: every matrix with a bias, every norm after what it norms. */
export const encoderLayer = {
  "attn_q.weight": ["hidden", "queries"],
  "attn_k.weight": ["hidden", "keys"],
  "attn_v.weight": ["hidden", "keys"],
  ...biases,
  ...attentionOutput,
  "attn_output.bias": ["hidden"],
  "attn_output_norm.weight": ["hidden"],
  "attn_output_norm.bias": ["hidden"],
  ...upAndDown,
  "ffn_up.bias": ["feedForward"],
  "ffn_down.bias": ["hidden"],
  "layer_output_norm.weight": ["hidden"],
  "layer_output_norm.bias": ["hidden"],
} as const satisfies TensorTemplates;

/** What an encoder makes of the first token for a whole text. */
export const pooler = { "cls.weight": ["hidden", "hidden"], "cls.bias": ["hidden"] } as const satisfies TensorTemplates;
