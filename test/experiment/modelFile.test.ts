import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { identifyModel } from "../../sdk/experiment/modelFile.ts";
import type { Model } from "../../sdk/model/index.ts";

const folder = mkdtempSync(join(tmpdir(), "numalab-file-"));

async function digestOf(name: string, change: (bytes: Buffer) => void = () => undefined): Promise<string> {
  const bytes = Buffer.alloc(3 * 2 ** 20, 7);
  change(bytes);
  writeFileSync(join(folder, name), bytes);
  const model = { path: join(folder, name), name: "same", fileBytes: bytes.length } as Model;
  return (await identifyModel(model)).fileDigest;
}

test("files of one content have one digest, whatever they are called", async () => {
  expect(await digestOf("a.gguf")).toBe(await digestOf("b.gguf"));
});

test("other weights or another beginning of the same size have another digest", async () => {
  const digests = [
    await digestOf("a.gguf"),
    await digestOf("a.gguf", (bytes) => bytes.writeUInt8(8, 100)),
    await digestOf("a.gguf", (bytes) => bytes.fill(8, 2 ** 20)),
    await digestOf("a.gguf", (bytes) => bytes.writeUInt8(8, bytes.length - 1)),
  ];
  expect(new Set(digests).size).toBe(4);
});
