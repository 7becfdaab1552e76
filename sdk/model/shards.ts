import { existsSync } from "node:fs";
import { basename } from "node:path";
import { ModelError } from "./errors.ts";
import type { FileHeader } from "./file.ts";
import { readFileHeader } from "./file.ts";
import { few, type Kept } from "./metadata.ts";

const shardEnding = /-(\d{5})-of-(\d{5})\.gguf$/;

/** Whether a file name belongs to a shard after the first, which holds no model of its own. */
export function isLaterShard(path: string): boolean {
  const number = shardEnding.exec(path)?.[1];
  return number !== undefined && Number(number) !== 1;
}

/** How many files the model of this file has by its name. */
export function shardsCountOf(path: string): number {
  return Number(shardEnding.exec(path)?.[2] ?? 1);
}

/** The ending of one of the files of a split model, counted from 1. */
export function shardEndingOf(number: number, count: number): string {
  const digits = (value: number) => String(value).padStart(5, "0");
  return `-${digits(number)}-of-${digits(count)}.gguf`;
}

function shardPathOf(path: string, number: number, count: number): string {
  return path.replace(shardEnding, shardEndingOf(number, count));
}

/** The name of a model's file without its ending and, of a split model, its number. */
export function modelNameOf(path: string): string {
  return basename(path)
    .replace(shardEnding, "")
    .replace(/\.gguf$/, "");
}

function laterShard(path: string, count: number): ModelError {
  const first = shardPathOf(path, 1, count);
  const message = `${path} is a later one of the ${count} files of a model. Pass the first, ${first}.`;
  return new ModelError("missing-shard", message, { facts: { path, count, first } });
}

/**
 * Reads the headers of all files of a model, the first with as much as is asked for.
 * @throws {ModelError} `missing-shard`, and as `readFileHeader`
 */
export async function readShards(path: string, kept: Kept = few): Promise<readonly [FileHeader, ...FileHeader[]]> {
  const first = await readFileHeader(path, kept);
  const count = Number(first.metadata.get("split.count") ?? 1);
  if (count > 1 && isLaterShard(path)) throw laterShard(path, count);
  const later: FileHeader[] = [];
  for (let number = 2; number <= count; number++) {
    const next = shardPathOf(path, number, count);
    if (next === path || !existsSync(next)) {
      throw new ModelError(
        "missing-shard",
        `${path} is one of ${count} files, and file ${number} is not at ${next}. Put all of them into one folder, under their first names.`,
        { facts: { path, count, missing: next } },
      );
    }
    later.push(await readFileHeader(next));
  }
  return [first, ...later];
}

/**
 * Reads the header of a model; of a split model, that of its first file with the tensors and the size of all.
 * @throws {ModelError} `missing-shard`, and as `readFileHeader`
 */
export async function readWholeHeader(path: string): Promise<FileHeader> {
  const shards = await readShards(path);
  return {
    ...shards[0],
    tensors: shards.flatMap((shard) => shard.tensors),
    fileBytes: shards.reduce((total, shard) => total + shard.fileBytes, 0),
  };
}
