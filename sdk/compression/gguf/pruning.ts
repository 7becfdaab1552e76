import {
  copyOf,
  editMetadata,
  type GgufEntry,
  type Model,
  type ModelTarget,
  readGguf,
  readModel,
  type StoredEntry,
  type StoredTensor,
  type TensorSource,
  writeGguf,
} from "../../model/index.ts";
import { type Decoder, decoderOf, notPrunable } from "./layer.ts";
import { type LayerPlan, planLayers, type PruningSpec } from "./pruningPlan.ts";
import { keepColumns, keepRows } from "./slices.ts";

/** A model to be pruned, and where the smaller one goes. */
export interface PruningRequest extends PruningSpec, ModelTarget {}

/** The architecture of llama whose layers may differ in size. */
const variable = "deci";

function groupsOf(places: readonly number[], size: number): readonly number[] {
  return places.flatMap((place) => Array.from({ length: size }, (_, at) => place * size + at));
}

/** What of a matrix belongs to neurons, or to groups of heads: its outputs or its inputs. */
const cuts: Readonly<Record<string, { readonly of: "neurons" | "queries" | "keys"; readonly along: typeof keepRows }>> =
  {
    ffn_gate: { of: "neurons", along: keepRows },
    ffn_up: { of: "neurons", along: keepRows },
    ffn_down: { of: "neurons", along: keepColumns },
    attn_q: { of: "queries", along: keepRows },
    attn_k: { of: "keys", along: keepRows },
    attn_v: { of: "keys", along: keepRows },
    attn_output: { of: "queries", along: keepColumns },
  };

/** What stays of a tensor of a layer. */
function cutOf({ layer, neurons, kvHeads }: LayerPlan, tensor: StoredTensor, headSize: number): TensorSource {
  const [, , stem = "", kind] = tensor.name.split(".");
  const cut = cuts[stem];
  const isWhole =
    cut?.of === "neurons" ? neurons.length === layer.feedForwardSize : kvHeads.length === layer.kvHeadsCount;
  const isOutputBias = kind === "bias" && cut?.along === keepColumns;
  if (cut === undefined || isWhole || isOutputBias) return copyOf(tensor);
  const groupSizes = { neurons: 1, queries: (layer.headsCount / layer.kvHeadsCount) * headSize, keys: headSize };
  return cut.along(tensor, groupsOf(cut.of === "neurons" ? neurons : kvHeads, groupSizes[cut.of]));
}

function layerSources(plan: LayerPlan, index: number, headSize: number): readonly TensorSource[] {
  return [...plan.layer.tensors].map(([name, tensor]) => ({
    ...cutOf(plan, tensor, headSize),
    name: `blk.${index}.${name}`,
  }));
}

/** The tensors of the pruned model, in the order of the original. */
function sourcesOf({ model, headSize }: Decoder, plans: readonly LayerPlan[]): readonly TensorSource[] {
  const isInLayer = ({ name }: StoredTensor) => name.startsWith("blk.");
  const first = model.tensors.findIndex(isInLayer);
  const [before, after] = [model.tensors.slice(0, first), model.tensors.slice(first)];
  const others = after.filter((tensor) => !isInLayer(tensor));
  return [
    ...before.map(copyOf),
    ...plans.flatMap((plan, index) => layerSources(plan, index, headSize)),
    ...others.map(copyOf),
  ];
}

type Metadata = readonly (GgufEntry | StoredEntry)[];

/** Lists with an item a layer, cut to the layers that stay. */
function cutLists({ model, architecture, layers }: Decoder, plans: readonly LayerPlan[]): readonly GgufEntry[] {
  return model.metadata.flatMap(({ key, value, itemType }): GgufEntry[] => {
    const isList = key.startsWith(`${architecture}.`) && typeof value === "object" && value?.count === layers.length;
    if (!isList || value.items === null || itemType === null || itemType === "array") return [];
    const { items } = value;
    return [{ key, type: itemType, items: plans.flatMap(({ layer }) => items[layer.index] ?? []) }];
  });
}

const isUniform = (counts: readonly number[]): boolean => counts.every((count) => count === counts[0]);

function metadataOf(decoder: Decoder, plans: readonly LayerPlan[]): Metadata {
  const { model, architecture, headSize } = decoder;
  const key = (name: string) => `${architecture}.${name}`;
  const sizes = {
    feed_forward_length: plans.map(({ neurons }) => neurons.length),
    "attention.head_count": plans.map(({ layer, kvHeads }) => (layer.headsCount / layer.kvHeadsCount) * kvHeads.length),
    "attention.head_count_kv": plans.map(({ kvHeads }) => kvHeads.length),
  };
  const headsEntries = ["attention.key_length", "attention.value_length", "rope.dimension_count"]
    .filter((name) => !model.metadata.some((entry) => entry.key === key(name)))
    .map((name): GgufEntry => ({ key: key(name), type: "uint32", value: headSize }));
  const sizeEntries = Object.entries(sizes).map(([name, counts]): GgufEntry =>
    isUniform(counts)
      ? { key: key(name), type: "uint32", value: counts[0] ?? 0 }
      : { key: key(name), type: "uint32", items: counts },
  );
  const count = (name: string): GgufEntry => ({ key: name, type: "uint32", value: plans.length });
  const isCut = model.metadata.some((entry) => entry.key === "numalab.whole_layers_count");
  const changed = editMetadata(model.metadata, {
    set: [
      ...cutLists(decoder, plans),
      count(key("block_count")),
      ...(isCut ? [count("numalab.whole_layers_count")] : []),
      ...sizeEntries,
      ...headsEntries,
    ],
  });
  const differ = !Object.values(sizes).every(isUniform);
  return differ ? editMetadata(changed, { architecture: variable }) : changed;
}

/** Other architectures than llama compute the sizes of their tensors from the first layer, or from the hidden size. */
function checkArchitecture({ model, architecture }: Decoder, plans: readonly LayerPlan[]): void {
  if (architecture === "llama" || architecture === variable) return;
  if (plans.some(({ layer, kvHeads }) => kvHeads.length !== layer.kvHeadsCount)) {
    throw notPrunable(model.path, `${architecture} has no way to state fewer heads`);
  }
  if (!isUniform(plans.map(({ neurons }) => neurons.length))) {
    throw notPrunable(model.path, `${architecture} has no way to state a width for each layer`);
  }
}

/**
 * Writes a smaller copy of a decoder: fewer layers, feed-forward neurons or groups of heads, those with the least weight left
 * out. Where layers come to differ in size, llama becomes `deci`, which computes the same with a size for each layer.
 * @throws {CompressionError} `bad-setting`, `not-prunable` or `needs-whole-blocks`, before anything is written
 * @throws {ModelError} as `readGguf` and `writeGguf`
 */
export async function pruneModel(path: string, request: PruningRequest): Promise<Model> {
  const decoder = decoderOf(await readGguf(path));
  const plans = await planLayers(decoder, request);
  checkArchitecture(decoder, plans);
  await writeGguf({ metadata: metadataOf(decoder, plans), tensors: sourcesOf(decoder, plans) }, request);
  return readModel(request.path);
}
