import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ModelError } from "../../sdk/model/errors.ts";
import { readSafetensors } from "../../sdk/model/safetensors.ts";
import { codeOf, temporaryFolder } from "./fixtures.ts";

function fileBytes(header: unknown, dataBytes: number): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

const sound = {
  __metadata__: { format: "pt" },
  "b.weight": { dtype: "F16", shape: [4, 2], data_offsets: [12, 28] },
  a: { dtype: "F32", shape: [3], data_offsets: [0, 12] },
};

async function codeFor(header: unknown, dataBytes = 28): Promise<string> {
  const path = join(temporaryFolder(), "m.safetensors");
  writeFileSync(path, fileBytes(header, dataBytes));
  return codeOf(readSafetensors(path));
}

test("a file states its tensors in the order of their bytes", async () => {
  const path = join(temporaryFolder(), "m.safetensors");
  const bytes = fileBytes(sound, 28);
  writeFileSync(path, bytes);
  const { metadata, tensors } = await readSafetensors(path);
  expect([...metadata]).toEqual([["format", "pt"]]);
  expect(tensors).toEqual([
    { name: "a", type: "F32", dimensions: [3], offsetBytes: bytes.length - 28, bytes: 12 },
    { name: "b.weight", type: "F16", dimensions: [4, 2], offsetBytes: bytes.length - 16, bytes: 16 },
  ]);
});

describe("a damaged or foreign file is refused", () => {
  test.for<[string, unknown, string]>([
    ["text instead of a header", "Dear diary", "not-safetensors"],
    ["a list instead of an object", [], "not-safetensors"],
    ["a tensor that is a number", { a: 7 }, "not-safetensors"],
    ["a type that there is not", { a: { dtype: "toString", shape: [1], data_offsets: [0, 28] } }, "not-safetensors"],
    ["a negative size", { a: { dtype: "F32", shape: [-7], data_offsets: [0, 28] } }, "not-safetensors"],
    [
      "sizes beyond its bytes",
      { a: { dtype: "F32", shape: [2 ** 40, 2 ** 40], data_offsets: [0, 28] } },
      "not-safetensors",
    ],
    ["a gap", { a: { dtype: "F32", shape: [6], data_offsets: [4, 28] } }, "not-safetensors"],
    ["bytes of no tensor", { a: { dtype: "F32", shape: [6], data_offsets: [0, 24] } }, "truncated"],
    ["weights cut off", { a: { dtype: "F32", shape: [8], data_offsets: [0, 32] } }, "truncated"],
  ])("%s", async ([, header, code]) => {
    expect(await codeFor(header)).toBe(code);
  });

  test("a header of 2^60 bytes, before anything is allocated for it", async () => {
    const path = join(temporaryFolder(), "m.safetensors");
    const bytes = fileBytes(sound, 28);
    bytes.writeBigUInt64LE(2n ** 60n);
    writeFileSync(path, bytes);
    expect(await codeOf(readSafetensors(path))).toBe("not-safetensors");
  });

  test("nothing, a folder, and no file at all", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "empty"), "");
    expect(await codeOf(readSafetensors(join(folder, "empty")))).toBe("not-safetensors");
    expect(await codeOf(readSafetensors(folder))).toBe("not-safetensors");
    expect(await codeOf(readSafetensors(join(folder, "absent")))).toBe("unreadable");
  });

  test("1,000 changed bytes and cuts give an error of this layer or a sound file", { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), "m.safetensors");
    const bytes = fileBytes(sound, 28);
    const places = fc.nat(bytes.length - 1);
    const property = fc.asyncProperty(places, fc.nat(255), fc.boolean(), async (at, byte, isCut) => {
      const damaged = Buffer.from(isCut ? bytes.subarray(0, at) : bytes);
      if (!isCut) damaged[at] = byte;
      writeFileSync(path, damaged);
      const error: unknown = await readSafetensors(path).catch((reason: unknown) => reason);
      if (error instanceof Error && !(error instanceof ModelError)) throw error;
    });
    await fc.assert(property, { numRuns: 1_000, seed: 1 });
  });
});
