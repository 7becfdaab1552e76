import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listModels, removeModel } from "../../sdk/model/folder.ts";
import { codeOf, leastMetadata, temporaryFolder, writeGguf } from "./fixtures.ts";

test("the models of a folder are listed by name, without what is unfinished, broken or no model", async () => {
  const folder = temporaryFolder();
  const path = writeGguf(join(folder, "b.gguf"), leastMetadata, []);
  writeGguf(join(folder, "a.gguf"), leastMetadata, []);
  writeFileSync(join(folder, ".c.gguf.partial-1"), "");
  writeFileSync(join(folder, "notes.txt"), "");
  symlinkSync("absent", join(folder, "dangling.gguf"));
  mkdirSync(join(folder, "folder.gguf"));
  const models = await listModels(folder);
  expect(models.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(models[1]!.path).toBe(path);
  expect(models[1]!.fileBytes).toBeGreaterThan(100);
  expect(await listModels(join(folder, "absent"))).toEqual([]);
});

test("a model is removed by its name or path", async () => {
  const folder = temporaryFolder();
  const paths = ["a", "b", "c"].map((name) => writeGguf(join(folder, `${name}.gguf`), leastMetadata, []));
  expect(await removeModel("a", folder)).toBe(paths[0]);
  expect(await removeModel("b.gguf", folder)).toBe(paths[1]);
  expect(await removeModel(paths[2]!, folder)).toBe(paths[2]);
  expect(paths.map((path) => existsSync(path))).toEqual([false, false, false]);
});

test("nothing is removed outside the folder, or that is no model", async () => {
  const folder = temporaryFolder();
  const outside = writeGguf(join(temporaryFolder(), "m.gguf"), leastMetadata, []);
  symlinkSync(join(outside, ".."), join(folder, "link"));
  writeFileSync(join(folder, "notes.gguf"), "Dear diary");
  expect(await codeOf(removeModel(outside, folder))).toBe("outside-folder");
  expect(await codeOf(removeModel(join(folder, "link", "m.gguf"), folder))).toBe("outside-folder");
  expect(await codeOf(removeModel("notes", folder))).toBe("not-gguf");
  expect(await codeOf(removeModel("absent", folder))).toBe("unreadable");
  expect([existsSync(outside), existsSync(join(folder, "notes.gguf"))]).toEqual([true, true]);
});

test("a name that is not there is refused with the names that are", async () => {
  const own = temporaryFolder();
  writeFileSync(join(own, "mine.gguf"), "GGUF");
  await expect(removeModel("nosuch", own)).rejects.toThrow(/ has mine\. Name one of these\./);
});
