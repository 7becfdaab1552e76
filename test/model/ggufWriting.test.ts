import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { GgufEntry } from "../../sdk/model/gguf.ts";
import { writeGguf } from "../../sdk/model/ggufWriting.ts";
import { readGguf } from "../../sdk/model/storedModel.ts";
import { synthesizeModel } from "../../sdk/model/synthesis.ts";
import { copyOf } from "../../sdk/model/tensorSource.ts";
import { tensorBytesOf, tensorTypes } from "../../sdk/model/tensorType.ts";
import { codeOf, ggufBytes, smallShape, temporaryFolder, tensor } from "./fixtures.ts";

async function rewrite(path: string, target: string): Promise<void> {
  const { metadata, tensors } = await readGguf(path);
  await writeGguf({ metadata, tensors: tensors.map(copyOf) }, { path: target });
}

const everyValue: readonly GgufEntry[] = [
  { key: "general.architecture", type: "string", value: "llama" },
  { key: "general.alignment", type: "uint32", value: 64 },
  { key: "tiny", type: "int8", value: -128 },
  { key: "huge", type: "uint64", value: 2n ** 64n - 1n },
  { key: "nothing", type: "float32", value: Number.NaN },
  { key: "tokens", type: "string", items: Array.from({ length: 5_000 }, (_, index) => `token ${index}`) },
  { key: "none", type: "int32", items: [] },
];

describe("a file that is read and written again has the same bytes", () => {
  test("for a synthetic model", async () => {
    const folder = temporaryFolder();
    const { path } = await synthesizeModel({ shape: smallShape, quant: "Q4_0", randomSeed: 1, folder });
    await rewrite(path, join(folder, "again.gguf"));
    expect(readFileSync(join(folder, "again.gguf")).equals(readFileSync(path))).toBe(true);
  });

  test("for tensors of every type, values of many and another alignment", async () => {
    const folder = temporaryFolder();
    const tensors = [...tensorTypes.values()].map(({ name, blockWeights }) => tensor(name, [blockWeights, 3], name));
    const sources = tensors.map((spec) => ({ ...spec, chunks: () => [Buffer.alloc(tensorBytesOf(spec), spec.name)] }));
    const path = join(folder, "all.gguf");
    await writeGguf({ metadata: everyValue, tensors: sources }, { path });
    const { metadata, alignmentBytes, tensors: stored } = await readGguf(path);
    expect(alignmentBytes).toBe(64);
    expect(stored.every(({ offsetBytes }) => offsetBytes % 64 === 0)).toBe(true);
    expect(metadata.find(({ key }) => key === "tokens")).toMatchObject({ type: "array", itemType: "string" });
    expect(metadata.find(({ key }) => key === "tokens")?.value).toMatchObject({
      count: 5_000,
      items: everyValue[5]!.items,
    });
    await rewrite(path, join(folder, "again.gguf"));
    expect(readFileSync(join(folder, "again.gguf")).equals(readFileSync(path))).toBe(true);
  });

  test("for arrays of arrays, a truth that is 7, and a text that is no UTF-8", async () => {
    const folder = temporaryFolder();
    const bytes = ggufBytes(
      [
        { key: "truth", type: "bool", value: true },
        { key: "text", type: "string", value: "ab" },
        { key: "list", type: "uint32", items: [8, 1, 0, 0, 0] },
      ],
      [tensor("a", [64], "F32")],
    );
    bytes[bytes.indexOf("truth") + 5 + 4] = 7;
    bytes.fill(0xff, bytes.indexOf("ab"), bytes.indexOf("ab") + 2);
    // The list becomes one of one array, which holds one 32-bit number of type uint32.
    const list = bytes.indexOf("list") + 4;
    bytes.writeUInt32LE(9, list + 4);
    bytes.writeBigUInt64LE(1n, list + 8);
    bytes.writeUInt32LE(4, list + 16);
    bytes.writeBigUInt64LE(2n, list + 20);
    writeFileSync(join(folder, "odd.gguf"), bytes);
    await rewrite(join(folder, "odd.gguf"), join(folder, "again.gguf"));
    expect(readFileSync(join(folder, "again.gguf")).equals(bytes)).toBe(true);
  });
});

describe("what cannot be written is refused, and nothing is left behind", () => {
  const spec = tensor("a", [64], "F32");
  const sound = { ...spec, chunks: () => [Buffer.alloc(256)] };

  test.for<[string, GgufEntry]>([
    ["a number too large for its type", { key: "k", type: "uint8", value: 256 }],
    ["a fraction as a whole number", { key: "k", type: "int32", value: 0.5 }],
    ["a text as a number", { key: "k", type: "float32", value: "1" }],
    ["a list with one wrong item", { key: "k", type: "bool", items: [true, 1] }],
  ])("%s", async ([, entry]) => {
    const folder = temporaryFolder();
    expect(await codeOf(writeGguf({ metadata: [entry], tensors: [] }, { path: join(folder, "m.gguf") }))).toBe(
      "bad-spec",
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a tensor with more or fewer bytes than its dimensions tell", async () => {
    const folder = temporaryFolder();
    for (const bytes of [252, 260]) {
      const tensors = [{ ...spec, chunks: () => [Buffer.alloc(bytes)] }];
      expect(await codeOf(writeGguf({ metadata: [], tensors }, { path: join(folder, "m.gguf") }))).toBe("bad-spec");
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a name given twice, and a path that is no GGUF file's", async () => {
    const path = join(temporaryFolder(), "m.gguf");
    expect(await codeOf(writeGguf({ metadata: [], tensors: [sound, sound] }, { path }))).toBe("bad-spec");
    expect(await codeOf(writeGguf({ metadata: [], tensors: [] }, { path: `${path}.txt` }))).toBe("bad-spec");
    expect(existsSync(path)).toBe(false);
  });

  test("a file that is there, unless it is to be replaced", async () => {
    const path = join(temporaryFolder(), "m.gguf");
    writeFileSync(path, "precious");
    expect(await codeOf(writeGguf({ metadata: [], tensors: [sound] }, { path }))).toBe("path-taken");
    expect(readFileSync(path, "utf8")).toBe("precious");
    await writeGguf({ metadata: [], tensors: [sound] }, { path, overwrite: true });
    expect((await readGguf(path)).tensors).toMatchObject([{ name: "a", bytes: 256 }]);
  });

  test("one file written by two at once: the second is refused, the first gets there", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "m.gguf");
    const writes = [1, 2].map(() => writeGguf({ metadata: [], tensors: [sound] }, { path }));
    const ends = await Promise.allSettled(writes);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(ends.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "already-writing" } });
    expect(readdirSync(folder)).toEqual(["m.gguf"]);
  });

  test("a writing that is stopped", async () => {
    const folder = temporaryFolder();
    const controller = new AbortController();
    const target = {
      path: join(folder, "m.gguf"),
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    };
    expect(await codeOf(writeGguf({ metadata: [], tensors: [sound] }, target))).toBe("aborted");
    expect(readdirSync(folder)).toEqual([]);
  });
});
