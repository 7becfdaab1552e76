import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readHeader } from "../../sdk/model/header.ts";
import { readModel } from "../../sdk/model/reading.ts";
import { type SynthesisProgress, synthesizeModel } from "../../sdk/model/synthesis.ts";
import { codeOf, leastMetadata, smallShape, sourceOf, temporaryFolder, writeGguf } from "./fixtures.ts";

const request = (folder: string) => ({ shape: smallShape, quant: "Q4_0", randomSeed: 1, folder }) as const;
const digestOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

describe("a synthetic model", () => {
  test("has the shape that was asked for, and says that it is synthetic", async () => {
    const { tensors, ...model } = await synthesizeModel(request(temporaryFolder()));
    expect(model).toMatchObject({
      name: "llama 2x64 (synthetic)",
      architecture: "llama",
      quant: "Q4_0",
      synthetic: true,
      layersCount: 2,
      wholeLayersCount: 2,
      hiddenSize: 64,
      headsCount: 4,
      kvHeadsCount: 2,
      headSize: 16,
      vocabularyCount: 300,
      contextTokensCount: 128,
      kvBytesPerToken: 2 * 2 * 2 * 16 * 2,
    });
    expect(statSync(model.path).size).toBe(model.fileBytes);
    expect(tensors).toHaveLength(2 + 2 * 9 + 1);
  });

  test("of qwen2 has biases, and no output where embeddings are tied", async () => {
    const shape = { ...smallShape, architecture: "qwen2", tiedEmbeddings: true } as const;
    const { tensors, bytesPerToken } = await synthesizeModel({ ...request(temporaryFolder()), shape });
    const names = tensors.map(({ name }) => name);
    expect(names.filter((name) => name.endsWith(".bias"))).toHaveLength(2 * 3);
    expect(names).not.toContain("output.weight");
    expect(bytesPerToken).toBe(tensors.reduce((total, { bytes }) => total + bytes, 0));
  });

  test("that is cut to its first layers tells how many the whole has", async () => {
    const { layersCount, wholeLayersCount } = await synthesizeModel({ ...request(temporaryFolder()), depth: 1 });
    expect([layersCount, wholeLayersCount]).toEqual([1, 2]);
  });

  test("tells its seed and how it was made in its metadata", async () => {
    const { path } = await synthesizeModel({ ...request(temporaryFolder()), randomSeed: 42 });
    const { metadata } = await readHeader(sourceOf(readFileSync(path)));
    const plain = [...metadata].filter(([key]) => !/tokens$|token_type$/.test(key));
    expect(Object.fromEntries(plain)).toMatchInlineSnapshot(`
      {
        "general.architecture": "llama",
        "general.file_type": 2,
        "general.name": "llama 2x64 (synthetic)",
        "general.quantization_version": 2,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": 2,
        "llama.attention.key_length": 16,
        "llama.attention.layer_norm_rms_epsilon": 0.000009999999747378752,
        "llama.attention.value_length": 16,
        "llama.block_count": 2,
        "llama.context_length": 128,
        "llama.embedding_length": 64,
        "llama.expert_count": 0,
        "llama.expert_used_count": 0,
        "llama.feed_forward_length": 96,
        "llama.rope.dimension_count": 16,
        "llama.rope.freq_base": 10000,
        "numalab.random_seed": 42,
        "numalab.synthetic": true,
        "numalab.whole_layers_count": 2,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.pre": "default",
        "tokenizer.ggml.token_type_count": 2,
        "tokenizer.ggml.unknown_token_id": 0,
      }
    `);
  });

  test("is the same to the byte for the same seed, on any machine", async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    const digest = digestOf((await synthesizeModel(request(first))).path);
    expect(digestOf((await synthesizeModel(request(second))).path)).toBe(digest);
    expect(digestOf((await synthesizeModel({ ...request(second), randomSeed: 2 })).path)).not.toBe(digest);
    expect(digest).toMatchInlineSnapshot(`"0449a2246dde2419c348e6a33130ca4454eb801558a43c36dbfc5c72893e6b6c"`);
  });
});

describe("a model that is there already", () => {
  test("is used again, unless it is forced", async () => {
    const folder = temporaryFolder();
    const phases: string[] = [];
    const onProgress = ({ phase }: SynthesisProgress) => phases.push(phase);
    const { path } = await synthesizeModel(request(folder));
    utimesSync(path, 1, 1);
    expect((await synthesizeModel({ ...request(folder), onProgress })).path).toBe(path);
    expect([statSync(path).mtimeMs, phases]).toEqual([1000, ["reused"]]);
    await synthesizeModel({ ...request(folder), force: true });
    expect(statSync(path).mtimeMs).not.toBe(1000);
  });

  test("is replaced when it was made otherwise", async () => {
    const folder = temporaryFolder();
    const { path } = await synthesizeModel(request(folder));
    const digest = digestOf(path);
    await synthesizeModel({ ...request(folder), randomSeed: 2 });
    expect(digestOf(path)).not.toBe(digest);
  });

  test("is never replaced when numalab did not make it", async () => {
    const folder = temporaryFolder();
    const path = writeGguf(join(folder, "mine.gguf"), leastMetadata, []);
    expect(await codeOf(synthesizeModel({ ...request(folder), path }))).toBe("path-taken");
    expect(await codeOf(synthesizeModel({ ...request(folder), path, force: true }))).toBe("path-taken");
    expect((await readModel(path)).synthetic).toBe(false);
  });
});

test("progress is told from the plan to the end, byte for byte", async () => {
  const told: SynthesisProgress[] = [];
  const model = await synthesizeModel({ ...request(temporaryFolder()), onProgress: (progress) => told.push(progress) });
  expect(new Set(told.map(({ phase }) => phase))).toEqual(new Set(["planned", "writing", "flushing", "finished"]));
  expect(told[0]).toEqual({ phase: "planned", writtenBytes: 0, totalBytes: model.fileBytes });
  expect(told.at(-1)).toEqual({ phase: "finished", writtenBytes: model.fileBytes, totalBytes: model.fileBytes });
});

describe("a writing that does not come to its end leaves nothing behind", () => {
  test("when it is stopped", async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    const onProgress = ({ phase }: SynthesisProgress) => {
      if (phase === "writing") stop.abort(new Error("enough"));
    };
    const stopped = synthesizeModel({ ...request(folder), signal: stop.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ code: "aborted", cause: new Error("enough") });
    expect(readdirSync(folder)).toEqual([]);
    expect(await codeOf(synthesizeModel({ ...request(folder), signal: AbortSignal.abort() }))).toBe("aborted");
  });

  test("when the caller's own code fails", async () => {
    const folder = temporaryFolder();
    const onProgress = ({ phase }: SynthesisProgress) => {
      if (phase === "flushing") throw new RangeError("mine");
    };
    await expect(synthesizeModel({ ...request(folder), onProgress })).rejects.toThrow(RangeError);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("when the folder cannot be one", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    symlinkSync("absent", join(folder, "dangling"));
    expect(await codeOf(synthesizeModel(request(join(folder, "file", "below"))))).toBe("unwritable-folder");
    expect(await codeOf(synthesizeModel(request(join(folder, "dangling"))))).toBe("unwritable-folder");
    expect(await codeOf(synthesizeModel(request("/proc/numalab")))).toBe("unwritable-folder");
  });

  test("when the file is larger than the disk", async () => {
    const enormous = {
      ...smallShape,
      layersCount: 20,
      hiddenSize: 2 ** 20,
      feedForwardSize: 2 ** 20,
      headsCount: 2 ** 10,
    };
    const folder = temporaryFolder();
    await expect(synthesizeModel({ ...request(folder), shape: enormous })).rejects.toMatchObject({
      code: "not-enough-space",
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("an unfinished file", () => {
  test("of a dead process is removed, and one of a living process is not", async () => {
    const folder = temporaryFolder();
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    const names = [dead, process.pid, process.ppid].map((id) => `.m.gguf.partial-${id}`);
    for (const name of [...names, ".partial-1", "m.gguf.partial-1"]) writeFileSync(join(folder, name), "");
    const { path } = await synthesizeModel(request(folder));
    expect(readdirSync(folder).sort()).toEqual(
      [names[2], ".partial-1", "m.gguf.partial-1", path.split("/").at(-1)].sort(),
    );
  });

  test("of another living process keeps this one from writing the same model", async () => {
    const folder = temporaryFolder();
    const name = "llama-2x64-q4_0-synthetic.gguf";
    writeFileSync(join(folder, `.${name}.partial-${process.ppid}`), "");
    await expect(synthesizeModel(request(folder))).rejects.toMatchObject({
      code: "already-writing",
      facts: { path: join(folder, name) },
    });
    expect(readdirSync(folder)).toEqual([`.${name}.partial-${process.ppid}`]);
  });

  test("is not written by two calls at once", async () => {
    const folder = temporaryFolder();
    const calls = await Promise.allSettled([synthesizeModel(request(folder)), synthesizeModel(request(folder))]);
    const [first, second] = calls;
    expect([first.status, second.status].sort()).toEqual(["fulfilled", "rejected"]);
    expect(calls.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "already-writing" } });
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
