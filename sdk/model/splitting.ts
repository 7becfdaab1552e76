import { rm } from "node:fs/promises";
import { ModelError } from "./errors.ts";
import { alignmentKey, alignUp, type GgufEntry } from "./gguf.ts";
import { checkTarget, type ModelTarget, writeGguf } from "./ggufWriting.ts";
import { shardEndingOf } from "./shards.ts";
import { readGguf, type StoredModel, type StoredTensor } from "./storedModel.ts";
import { copyOf } from "./tensorSource.ts";

/** How a model is to be split. Files that are there are never replaced: the model itself may lie in them. */
export interface SplitRequest extends Omit<ModelTarget, "overwrite"> {
  /** The most tensor bytes in one file; a larger tensor gets a file of its own. */
  readonly shardBytes: number;
}

/** The tensors of each file, in order. */
function shardsOf(tensors: readonly StoredTensor[], shardBytes: number): readonly (readonly StoredTensor[])[] {
  let last: StoredTensor[] = [];
  const shards = [last];
  let bytes = 0;
  for (const tensor of tensors) {
    if (last.length > 0 && bytes + alignUp(tensor.bytes) > shardBytes) {
      shards.push((last = []));
      bytes = 0;
    }
    last.push(tensor);
    bytes += alignUp(tensor.bytes);
  }
  return shards;
}

function splitEntries(index: number, count: number, tensorsCount: number): readonly GgufEntry[] {
  return [
    { key: "split.no", type: "uint16", value: index },
    { key: "split.count", type: "uint16", value: count },
    { key: "split.tensors.count", type: "int32", value: tensorsCount },
  ];
}

/** What every file of a split model must say, because each is aligned by it. */
function alignmentEntriesOf({ metadata }: StoredModel) {
  return metadata.filter(({ key }) => key === alignmentKey);
}

/** Writes the files in turn; when one fails, those before it go. */
async function writeShards(model: StoredModel, shards: readonly (readonly StoredTensor[])[], target: ModelTarget) {
  const stem = target.path.replace(/\.gguf$/, "");
  const targets = shards.map((_, index) => ({ ...target, path: stem + shardEndingOf(index + 1, shards.length) }));
  targets.forEach(checkTarget);
  const written: string[] = [];
  try {
    for (const [index, shard] of shards.entries()) {
      const own =
        index === 0 ? model.metadata.filter(({ key }) => !key.startsWith("split.")) : alignmentEntriesOf(model);
      const metadata = [...own, ...splitEntries(index, shards.length, model.tensors.length)];
      const one = targets[index] ?? target;
      await writeGguf({ metadata, tensors: shard.map(copyOf) }, one);
      written.push(one.path);
    }
  } catch (error) {
    await Promise.all(written.map((path) => rm(path, { force: true })));
    throw error;
  }
  return written;
}

/**
 * Splits a model into files that llama.cpp loads by the first of them, and returns their paths:
 * `name-00001-of-00003.gguf` for a target `name.gguf`.
 * @throws {ModelError} as `readGguf` and `writeGguf`, and then no file is left behind
 * @see https://github.com/ggml-org/llama.cpp/tree/master/tools/gguf-split
 */
export async function splitModel(path: string, request: SplitRequest): Promise<readonly string[]> {
  const { shardBytes } = request;
  if (!(shardBytes > 0)) {
    throw new ModelError("bad-spec", `shardBytes is ${shardBytes}. Pass a number above 0.`, { facts: { shardBytes } });
  }
  const model = await readGguf(path);
  return writeShards(model, shardsOf(model.tensors, shardBytes), request);
}

/**
 * Joins the files of a split model, named by the first, into one.
 * @throws {ModelError} `missing-shard` with the path of the file that is not there, and as `readGguf` and `writeGguf`
 */
export async function mergeModel(path: string, target: ModelTarget): Promise<void> {
  const { metadata, tensors } = await readGguf(path);
  await writeGguf({ metadata, tensors: tensors.map(copyOf) }, target);
}
