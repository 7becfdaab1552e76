import { ModelError } from "./errors.ts";
import { type GgufEntry, type StoredEntry, valueOf } from "./gguf.ts";
import { type ModelTarget, writeGguf } from "./ggufWriting.ts";
import { readGguf } from "./storedModel.ts";
import { copyOf } from "./tensorSource.ts";

/** Changes to the metadata of a model; keys are removed first, then renamed, then set. */
export interface ModelEdit {
  /** Keys to be given a value; those that are there keep their place. */
  readonly set?: readonly GgufEntry[];
  readonly remove?: readonly string[];
  /** The architecture to name instead of the model's own, in all its keys. */
  readonly architecture?: string;
}

type Metadata = readonly (GgufEntry | StoredEntry)[];

function removed(metadata: Metadata, keys: readonly string[]): Metadata {
  const absent = keys.find((key) => valueOf(metadata, key) === undefined);
  if (absent === undefined) return metadata.filter(({ key }) => !keys.includes(key));
  const message = `The model has no key ${absent}. Remove one of ${metadata.map(({ key }) => key).join(", ")}.`;
  throw new ModelError("bad-spec", message, { facts: { key: absent } });
}

function placed(metadata: Metadata, entry: GgufEntry): Metadata {
  const isThere = metadata.some(({ key }) => key === entry.key);
  return isThere ? metadata.map((own) => (own.key === entry.key ? entry : own)) : [...metadata, entry];
}

function renamed(metadata: Metadata, architecture: string): Metadata {
  const own = valueOf(metadata, "general.architecture");
  if (typeof own !== "string") {
    const message = "The file does not state general.architecture, so it has none to rename. Set the key instead.";
    throw new ModelError("not-a-language-model", message);
  }
  const prefix = `${own}.`;
  const entries = metadata.map((entry) =>
    entry.key.startsWith(prefix) ? { ...entry, key: `${architecture}.${entry.key.slice(prefix.length)}` } : entry,
  );
  return placed(entries, { key: "general.architecture", type: "string", value: architecture });
}

/**
 * Metadata with changes made to it; what is not named stays as it is, byte for byte.
 * @throws {ModelError} `bad-spec` when a key to be removed is not there, `not-a-language-model`
 */
export function editMetadata(metadata: Metadata, { set = [], remove = [], architecture }: ModelEdit): Metadata {
  const kept = removed(metadata, remove);
  return set.reduce(placed, architecture === undefined ? kept : renamed(kept, architecture));
}

/**
 * Writes a copy of a model with other metadata; of a split model, one file. The model's own file is replaced only when
 * the target names it and asks for that.
 * @throws {ModelError} as `readGguf` and `writeGguf`
 */
export async function editModel(path: string, edit: ModelEdit, target: ModelTarget): Promise<void> {
  const { metadata, tensors } = await readGguf(path);
  await writeGguf({ metadata: editMetadata(metadata, edit), tensors: tensors.map(copyOf) }, target);
}
