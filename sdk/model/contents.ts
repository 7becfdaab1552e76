import type { TensorInfo } from "./model.ts";
import { weightsCountOf } from "./tensorType.ts";

/** The parts of a model, by what their tensors are for. */
export type ModelPart = "embedding" | "attention" | "feed-forward" | "experts" | "output" | "other";

/** Weights that belong together. */
interface Share {
  readonly tensorsCount: number;
  readonly weightsCount: number;
  readonly bytes: number;
  /** Of all weights of the model. */
  readonly bytesRatio: number;
  readonly bitsPerWeight: number;
}

/** The tensors of one storage format. */
export interface TypeShare extends Share {
  readonly type: string;
}

/** The tensors of one part of a model. */
export interface PartShare extends Share {
  readonly part: ModelPart;
}

const parts: readonly (readonly [ModelPart, RegExp])[] = [
  ["embedding", /^(token_embd|per_layer_token_embd|position_embd|token_types)/],
  ["output", /^output/],
  ["experts", /\.(ffn_.*_(exps|shexp)|ffn_gate_inp|exp_probs)/],
  ["attention", /\.(attn_|ssm_)/],
  ["feed-forward", /\.(ffn_|layer_output_norm|post_ffw)/],
];

function partOf({ name }: TensorInfo): ModelPart {
  return parts.find(([, names]) => names.test(name))?.[0] ?? "other";
}

function sharesBy<Key extends string>(tensors: readonly TensorInfo[], keyOf: (tensor: TensorInfo) => Key) {
  const groups = new Map<Key, TensorInfo[]>();
  for (const tensor of tensors) groups.set(keyOf(tensor), [...(groups.get(keyOf(tensor)) ?? []), tensor]);
  const allBytes = tensors.reduce((total, { bytes }) => total + bytes, 0);
  const shares = [...groups].map(([key, group]) => {
    const bytes = group.reduce((total, tensor) => total + tensor.bytes, 0);
    const weightsCount = group.reduce((total, { dimensions }) => total + weightsCountOf(dimensions), 0);
    const ratios = { bytesRatio: bytes / allBytes, bitsPerWeight: (8 * bytes) / weightsCount };
    return { key, tensorsCount: group.length, weightsCount, bytes, ...ratios };
  });
  return shares.sort((left, right) => right.bytes - left.bytes);
}

/** What storage formats the tensors of a model really have, most bytes first. */
export function typeSharesOf(tensors: readonly TensorInfo[]): readonly TypeShare[] {
  return sharesBy(tensors, ({ type }) => type).map(({ key, ...share }) => ({ type: key, ...share }));
}

/** What the parts of a model take, most bytes first; which part a tensor belongs to is told by its name. */
export function partSharesOf(tensors: readonly TensorInfo[]): readonly PartShare[] {
  return sharesBy(tensors, partOf).map(({ key, ...share }) => ({ part: key, ...share }));
}
