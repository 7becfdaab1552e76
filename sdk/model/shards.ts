import { existsSync } from "node:fs";
import { basename } from "node:path";
import { ModelError } from "./errors.ts";
import type { FileHeader } from "./file.ts";
import { readFileHeader } from "./file.ts";

const shardEnding = /-(\d{5})-of-\d{5}\.gguf$/;

/** Whether a file name belongs to a shard after the first, which holds no model of its own. */
export function isLaterShard(path: string): boolean {
  const number = shardEnding.exec(path)?.[1];
  return number !== undefined && Number(number) !== 1;
}

function shardPathOf(path: string, number: number, count: number): string {
  const digits = (value: number) => String(value).padStart(5, "0");
  return path.replace(shardEnding, `-${digits(number)}-of-${digits(count)}.gguf`);
}

/** The name of a model's file without its ending and, of a split model, its number. */
export function modelNameOf(path: string): string {
  return basename(path)
    .replace(shardEnding, "")
    .replace(/\.gguf$/, "");
}

async function readLaterShards(path: string, count: number): Promise<readonly FileHeader[]> {
  const shards: FileHeader[] = [];
  for (let number = 2; number <= count; number++) {
    const next = shardPathOf(path, number, count);
    if (next === path || !existsSync(next)) {
      throw new ModelError(
        "missing-shard",
        `${path} is one of ${count} files, and file ${number} is not at ${next}. Put all of them into one folder, under their first names.`,
        { facts: { path, count, missing: next } },
      );
    }
    shards.push(await readFileHeader(next));
  }
  return shards;
}

/**
 * Reads the header of a model; of a split model, that of its first file with the tensors and the size of all.
 * @throws {ModelError} `missing-shard`, and as `readFileHeader`
 */
export async function readWholeHeader(path: string): Promise<FileHeader> {
  const first = await readFileHeader(path);
  const shards = [first, ...(await readLaterShards(path, Number(first.metadata.get("split.count") ?? 1)))];
  return {
    ...first,
    tensors: shards.flatMap((shard) => shard.tensors),
    fileBytes: shards.reduce((total, shard) => total + shard.fileBytes, 0),
  };
}
