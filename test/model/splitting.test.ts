import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readFileHeader } from "../../sdk/model/file.ts";
import { readModel } from "../../sdk/model/reading.ts";
import { mergeModel, splitModel } from "../../sdk/model/splitting.ts";
import { synthesizeModel } from "../../sdk/model/synthesis.ts";
import { codeOf, smallShape, temporaryFolder } from "./fixtures.ts";

const request = { shape: smallShape, quant: "Q8_0", randomSeed: 1 } as const;

async function splitIn(folder: string, shardBytes = 40_000) {
  const model = await synthesizeModel({ ...request, path: join(folder, "whole.gguf") });
  return { model, shards: await splitModel(model.path, { path: join(folder, "big.gguf"), shardBytes }) };
}

describe("a split model", () => {
  test("lies in files with llama.cpp's names and keys, none larger than asked", async () => {
    const { model, shards } = await splitIn(temporaryFolder());
    expect(shards.map((path) => basename(path))).toEqual([
      "big-00001-of-00003.gguf",
      "big-00002-of-00003.gguf",
      "big-00003-of-00003.gguf",
    ]);
    const [, second] = shards;
    const { metadata, tensors } = await readFileHeader(second!);
    expect(Object.fromEntries(metadata)).toEqual({
      "split.no": 1,
      "split.count": 3,
      "split.tensors.count": model.tensors.length,
    });
    expect(tensors.reduce((total, { bytes }) => total + bytes, 0)).toBeLessThanOrEqual(40_000);
  });

  test("is read as the whole one, and merged into the same bytes", async () => {
    const folder = temporaryFolder();
    const { model, shards } = await splitIn(folder);
    const { tensors, parametersCount } = await readModel(shards[0]!);
    expect(parametersCount).toBe(model.parametersCount);
    expect(tensors.map(({ name }) => name)).toEqual(model.tensors.map(({ name }) => name));
    await mergeModel(shards[0]!, { path: join(folder, "merged.gguf") });
    expect(readFileSync(join(folder, "merged.gguf")).equals(readFileSync(model.path))).toBe(true);
  });

  test("with a size below any tensor has a file for each", async () => {
    const { model, shards } = await splitIn(temporaryFolder(), 1);
    expect(shards).toHaveLength(model.tensors.length);
  });

  test("with a file missing, or named by a later file, is refused, and the error names the file needed", async () => {
    const folder = temporaryFolder();
    const { shards } = await splitIn(folder);
    await expect(mergeModel(shards[1]!, { path: join(folder, "merged.gguf") })).rejects.toMatchObject({
      code: "missing-shard",
      facts: { first: shards[0] },
    });
    rmSync(shards[1]!);
    const merging = mergeModel(shards[0]!, { path: join(folder, "merged.gguf") });
    await expect(merging).rejects.toMatchObject({ code: "missing-shard", facts: { missing: shards[1] } });
    expect(existsSync(join(folder, "merged.gguf"))).toBe(false);
  });
});

test("a split that cannot be finished leaves no file behind, and replaces none", async () => {
  const folder = temporaryFolder();
  const model = await synthesizeModel({ ...request, path: join(folder, "whole.gguf") });
  writeFileSync(join(folder, "big-00003-of-00003.gguf"), "precious");
  const path = join(folder, "big.gguf");
  expect(await codeOf(splitModel(model.path, { path, shardBytes: 40_000 }))).toBe("path-taken");
  const controller = new AbortController();
  const onProgress = ({ writtenBytes, totalBytes }: { writtenBytes: number; totalBytes: number }) => {
    if (writtenBytes === totalBytes && existsSync(join(folder, "other-00001-of-00003.gguf"))) controller.abort();
  };
  const stopped = splitModel(model.path, {
    path: join(folder, "other.gguf"),
    shardBytes: 40_000,
    onProgress,
    signal: controller.signal,
  });
  expect(await codeOf(stopped)).toBe("aborted");
  expect(readdirSync(folder)).toEqual(["big-00003-of-00003.gguf", "whole.gguf"]);
  expect(await codeOf(splitModel(model.path, { path, shardBytes: 0 }))).toBe("bad-spec");
});
