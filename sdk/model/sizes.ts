import type { Hyperparameters } from "./hyperparameters.ts";
import type { TensorInfo } from "./model.ts";

/** Tables of which one token looks up one row. */
const lookupTables = ["token_embd.weight", "per_layer_token_embd.weight", "position_embd.weight", "token_types.weight"];

function isRead(tensor: TensorInfo, outputReadsTable: boolean): boolean {
  return !lookupTables.includes(tensor.name) || (tensor.name === "token_embd.weight" && outputReadsTable);
}

/**
 * The weight bytes that one decoded token reads: every tensor once, without the tables it only looks a row up in, and of
 * the experts the share that is used. Without an output tensor the embedding table is the output tensor, and is read.
 */
export function bytesPerTokenOf(tensors: readonly TensorInfo[], shape: Hyperparameters): number {
  const isTied = shape.attention.causal && !tensors.some((tensor) => tensor.name === "output.weight");
  const read = tensors.filter((tensor) => isRead(tensor, isTied));
  const bytes = read.map((tensor) => tensor.bytes * (tensor.name.includes("_exps.") ? shape.expertsUsedRatio : 1));
  return Math.round(bytes.reduce((total, next) => total + next, 0));
}
