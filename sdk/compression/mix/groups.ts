import type { Model, TensorInfo } from "../../model/index.ts";
import type { TensorOverride } from "../../inference/index.ts";

/** Tensors that get one storage format together. */
export interface TensorGroup {
  /** Such as `blk.3.attn`, `blk.3.ffn`, `token_embd`. */
  readonly name: string;
  readonly tensorNames: readonly string[];
}

function groupNameOf(tensorName: string): string {
  const [first = "", layer = "", stem = ""] = tensorName.split(".");
  return first === "blk" ? `blk.${layer}.${stem.split("_")[0] ?? stem}` : first;
}

/** The matrices of a model as groups: attention and feed-forward net of each layer, embeddings and output for themselves. */
export function tensorGroupsOf({ tensors }: Pick<Model, "tensors">): readonly TensorGroup[] {
  const groups = new Map<string, string[]>();
  const isMatrix = ({ name, dimensions: [, rows = 1] }: TensorInfo) => rows > 1 && name.endsWith(".weight");
  for (const { name } of tensors.filter(isMatrix)) {
    const group = groupNameOf(name);
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups].map(([name, tensorNames]) => ({ name, tensorNames }));
}

/** The override that gives just these tensors a storage format. */
export function overrideOf({ tensorNames }: TensorGroup, type: string): TensorOverride {
  return { pattern: `^(${tensorNames.map((name) => name.replaceAll(".", "\\.")).join("|")})$`, type };
}
