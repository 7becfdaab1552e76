import fc from "fast-check";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ModelError } from "../../sdk/model/errors.ts";
import { inspectModel } from "../../sdk/model/inspection.ts";
import { readModel } from "../../sdk/model/reading.ts";
import { readGguf } from "../../sdk/model/storedModel.ts";
import { synthesizeModel } from "../../sdk/model/synthesis.ts";
import { codeOf, leastMetadata, smallShape, temporaryFolder, tensor, writeGguf } from "./fixtures.ts";

const table = tensor("token_embd.weight", [64, 10], "F16");

describe("a model states what its file holds", () => {
  test("for a file with the least that a language model must state", async () => {
    const path = writeGguf(join(temporaryFolder(), "tiny.gguf"), leastMetadata, [table]);
    const { tensors, ...model } = await readModel(path);
    expect(model).toEqual({
      path,
      name: "tiny",
      architecture: "llama",
      quant: "F16",
      synthetic: false,
      fileBytes: readFileSync(path).length,
      parametersCount: 640,
      layersCount: 2,
      wholeLayersCount: 2,
      hiddenSize: 64,
      headsCount: 4,
      kvHeadsCount: 4,
      headSize: 16,
      vocabularyCount: 10,
      contextTokensCount: null,
      bytesPerToken: 1280,
      kvBytesPerToken: 2 * 2 * 4 * 16 * 2,
    });
    expect(tensors.map(({ name }) => name)).toEqual(["token_embd.weight"]);
  });

  test("with the label of its mix, else the type that most bytes are in", async () => {
    const folder = temporaryFolder();
    const read = (metadata: Parameters<typeof writeGguf>[1]) =>
      readModel(
        writeGguf(join(folder, "m.gguf"), { ...leastMetadata, ...metadata }, [table, tensor("n", [64], "F32")]),
      );
    expect((await read({ "general.file_type": 15 })).quant).toBe("Q4_K_M");
    expect((await read({ "general.file_type": 1024 + 7 })).quant).toBe("Q8_0");
    expect((await read({ "general.file_type": 999 })).quant).toBe("F16");
    expect((await read({})).quant).toBe("F16");
  });

  test("with the key and value heads of each layer, where layers differ", async () => {
    const metadata = { ...leastMetadata, "llama.attention.head_count_kv": [4, 0] };
    const model = await readModel(writeGguf(join(temporaryFolder(), "m.gguf"), metadata, [table]));
    expect([model.kvHeadsCount, model.kvBytesPerToken]).toEqual([4, 2 * 4 * 16 * 2]);
  });

  test("with keys and values of their own sizes", async () => {
    const sizes = { "llama.attention.key_length": 24, "llama.attention.value_length": 8 };
    const model = await readModel(
      writeGguf(join(temporaryFolder(), "m.gguf"), { ...leastMetadata, ...sizes }, [table]),
    );
    expect([model.headSize, model.kvBytesPerToken]).toEqual([24, 2 * 4 * (24 + 8) * 2]);
  });
});

describe("a model in several files", () => {
  const first = { ...leastMetadata, "split.count": 2 };

  test("is read from all of them", async () => {
    const folder = temporaryFolder();
    const path = writeGguf(join(folder, "big-00001-of-00002.gguf"), first, [table]);
    const second = writeGguf(join(folder, "big-00002-of-00002.gguf"), { "split.no": 1 }, [
      tensor("output.weight", [64, 10], "F16"),
    ]);
    const model = await readModel(path);
    expect(model.name).toBe("big");
    expect(model.tensors.map(({ name }) => name)).toEqual(["token_embd.weight", "output.weight"]);
    expect(model.fileBytes).toBe(readFileSync(path).length + readFileSync(second).length);
    expect(model.bytesPerToken).toBe(1280);
    expect(await codeOf(readModel(second))).toBe("not-a-language-model");
  });

  test("is refused when one is missing, or renamed", async () => {
    const folder = temporaryFolder();
    expect(await codeOf(readModel(writeGguf(join(folder, "big-00001-of-00002.gguf"), first, [table])))).toBe(
      "missing-shard",
    );
    expect(await codeOf(readModel(writeGguf(join(folder, "big.gguf"), first, [table])))).toBe("missing-shard");
  });
});

describe("what is no language model is refused", () => {
  test("a path where no file is, or a folder", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "folder.gguf"));
    expect(await codeOf(readModel(join(folder, "folder.gguf")))).toBe("unreadable");
    expect(await codeOf(readModel(join(folder, "absent.gguf")))).toBe("unreadable");
  });

  test.for(Object.keys(leastMetadata))("a file without %s", async (key) => {
    const metadata = Object.fromEntries(Object.entries(leastMetadata).filter(([name]) => name !== key));
    const path = writeGguf(join(temporaryFolder(), "m.gguf"), metadata, [table]);
    expect(await codeOf(readModel(path))).toBe("not-a-language-model");
  });

  test.for([
    ["general.architecture", 7],
    ["llama.block_count", "two"],
    ["llama.block_count", 20_000],
    ["llama.block_count", 2 ** 32 - 1],
    ["llama.attention.head_count", [4]],
  ] as const)("a file whose %s is %s", async ([key, value]) => {
    const path = writeGguf(join(temporaryFolder(), "m.gguf"), { ...leastMetadata, [key]: value }, [table]);
    expect(await codeOf(readModel(path))).toBe("corrupt-header");
  });

  test("a vocabulary that has not a token for each row of the embedding table", async () => {
    const metadata = { ...leastMetadata, "tokenizer.ggml.tokens": [1, 2, 3] };
    const path = writeGguf(join(temporaryFolder(), "m.gguf"), metadata, [table]);
    expect(await codeOf(readModel(path))).toBe("vocabulary-mismatch");
  });

  test("the error names the file, what was found and what to do", async () => {
    const path = join(temporaryFolder(), "notes.gguf");
    writeFileSync(path, "Dear diary");
    const error: unknown = await readModel(path).catch((reason: unknown) => reason);
    expect(String(error).replace(path, "notes.gguf")).toMatchInlineSnapshot(
      `"ModelError [not-gguf]: notes.gguf: The file begins with "Dear", and a GGUF file with "GGUF". Pass a model in GGUF format."`,
    );
  });
});

const anywhere = fc.noBias(fc.nat(2 ** 30));

const aByteChanges = fc.tuple(anywhere, fc.nat(255)).map(([at, byte]) => (bytes: Buffer) => {
  bytes[at % bytes.length] = byte;
  return bytes;
});
const itsEndIsLost = anywhere.map((at) => (bytes: Buffer) => bytes.subarray(0, 8 + (at % bytes.length)));
const aLengthGrows = fc.tuple(anywhere, fc.bigInt(0n, 2n ** 64n - 1n)).map(([at, length]) => (bytes: Buffer) => {
  bytes.writeBigUInt64LE(length, at % (bytes.length - 7));
  return bytes;
});

const mutation: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  { weight: 4, arbitrary: aByteChanges },
  { weight: 1, arbitrary: itsEndIsLost },
  { weight: 1, arbitrary: aLengthGrows },
);

test(
  "5,000 damaged files are each read, inspected and copied, or refused with a ModelError, in little memory",
  { timeout: 60_000 },
  async () => {
    const folder = temporaryFolder();
    const sound = await synthesizeModel({ shape: smallShape, quant: "Q4_0", randomSeed: 1, folder });
    const headerBytes = readFileSync(sound.path).subarray(0, sound.tensors[0]!.offsetBytes);
    const weights = Buffer.alloc(sound.fileBytes - headerBytes.length);
    const path = join(folder, "damaged.gguf");
    const outcomes = { read: 0, refused: 0 };
    const peakBefore = process.resourceUsage().maxRSS;
    const property = fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const damaged = mutations.reduce<Buffer>((bytes, mutate) => mutate(bytes), Buffer.from(headerBytes));
      writeFileSync(path, damaged.length < headerBytes.length ? damaged : Buffer.concat([damaged, weights]));
      try {
        await readGguf(path);
        const { bytesPerToken, kvBytesPerToken, parametersCount, memory } = await inspectModel(path);
        expect([bytesPerToken, kvBytesPerToken, parametersCount].every(Number.isSafeInteger)).toBe(true);
        expect(Number.isFinite(memory.totalBytes ?? 0)).toBe(true);
        outcomes.read++;
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        outcomes.refused++;
      }
    });
    await fc.assert(property, { numRuns: 5_000, seed: 6, endOnFailure: true });
    expect(outcomes.read).toBeGreaterThan(200);
    expect(outcomes.refused).toBeGreaterThan(800);
    expect(process.resourceUsage().maxRSS - peakBefore).toBeLessThan(300_000);
  },
);
