import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assertPagePlace, writePage } from "../../sdk/report/index.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "numalab-page-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a page is written whole, over an older one, into folders that are made, with nothing left beside it", async () => {
  const path = join(folder, "a", "b", "page.html");
  await writePage(path, "first");
  await writePage(path, "second");
  expect(await readFile(path, "utf8")).toBe("second");
  expect(await readdir(join(folder, "a", "b"))).toEqual(["page.html"]);
});

test("a path that cannot be written is refused by name, with nothing left beside it", async () => {
  await mkdir(join(folder, "taken", "inside"), { recursive: true });
  const path = join(folder, "taken");
  await expect(writePage(path, "text")).rejects.toMatchObject({ code: "bad-place", facts: { path } });
  expect((await readdir(folder)).filter((name) => name.endsWith(".draft"))).toEqual([]);
});

test("a place is refused before anything is measured for it, and a good one stays empty", async () => {
  await writePage(join(folder, "file"), "text");
  await expect(assertPagePlace(join(folder, "file", "page.html"))).rejects.toMatchObject({ code: "bad-place" });
  await expect(assertPagePlace(folder)).rejects.toMatchObject({ code: "bad-place" });
  await assertPagePlace(join(folder, "new", "page.html"));
  expect(await readdir(join(folder, "new"))).toEqual([]);
});
