import { readdirSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { editModel } from "../../sdk/model/edit.ts";
import { readModel } from "../../sdk/model/reading.ts";
import { readGguf } from "../../sdk/model/storedModel.ts";
import { synthesizeModel } from "../../sdk/model/synthesis.ts";
import { codeOf, smallShape, temporaryFolder } from "./fixtures.ts";

async function sourceIn(folder: string): Promise<string> {
  return (await synthesizeModel({ shape: smallShape, quant: "Q8_0", randomSeed: 1, path: join(folder, "m.gguf") }))
    .path;
}

test("keys are set in their place, added, and removed; the rest stays byte for byte", async () => {
  const folder = temporaryFolder();
  const source = await sourceIn(folder);
  const path = join(folder, "edited.gguf");
  const set = [
    { key: "general.name", type: "string", value: "another" },
    { key: "my.list", type: "uint16", items: [1, 2] },
  ] as const;
  await editModel(source, { set, remove: ["numalab.random_seed"] }, { path });
  const [before, after] = [await readGguf(source), await readGguf(path)];
  const keysBefore = before.metadata.map(({ key }) => key).filter((key) => key !== "numalab.random_seed");
  expect(after.metadata.map(({ key }) => key)).toEqual([...keysBefore, "my.list"]);
  expect((await readModel(path)).name).toBe("another");
  const weights = ({ tensors }: typeof before) => readFileSync(tensors[0]!.path).subarray(tensors[0]!.offsetBytes);
  expect(weights(after).equals(weights(before))).toBe(true);
});

test("an architecture is renamed in all its keys", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "deci.gguf");
  await editModel(await sourceIn(folder), { architecture: "deci" }, { path });
  expect(await readModel(path)).toMatchObject({ architecture: "deci", layersCount: 2 });
  expect((await readGguf(path)).metadata.some(({ key }) => key.startsWith("llama."))).toBe(false);
});

test("a model's own file is replaced only when that is asked for", async () => {
  const folder = temporaryFolder();
  const path = await sourceIn(folder);
  const before = readFileSync(path);
  const remove = ["numalab.random_seed"];
  expect(await codeOf(editModel(path, { remove }, { path }))).toBe("path-taken");
  expect(readFileSync(path).equals(before)).toBe(true);
  await editModel(path, { remove }, { path, overwrite: true });
  expect((await readGguf(path)).metadata.some(({ key }) => remove.includes(key))).toBe(false);
});

test("a key that is not there cannot be removed, and the error names those that are", async () => {
  const folder = temporaryFolder();
  const editing = editModel(await sourceIn(folder), { remove: ["no.such"] }, { path: join(folder, "e.gguf") });
  await expect(editing).rejects.toMatchObject({ code: "bad-spec", facts: { key: "no.such" } });
  expect(readdirSync(folder)).toEqual(["m.gguf"]);
});

test("a file cut off is refused before anything is written", async () => {
  const folder = temporaryFolder();
  const source = await sourceIn(folder);
  truncateSync(source, 40_000);
  expect(await codeOf(editModel(source, {}, { path: join(folder, "e.gguf") }))).toBe("truncated");
  expect(readdirSync(folder)).toEqual(["m.gguf"]);
});
