import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openTree } from "../../sdk/topology/tree.ts";

const folder = mkdtempSync(join(tmpdir(), "numalab-tree-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("a text ends before a NUL byte and has no space at its end", () => {
  writeFileSync(join(folder, "cpumap"), "000000ff\n\0rest");
  expect(openTree(folder).read("cpumap")).toBe("000000ff");
});

test("a file is read from disk once", () => {
  const tree = openTree(folder);
  writeFileSync(join(folder, "online"), "0-1");
  expect(tree.read("online")).toBe("0-1");
  writeFileSync(join(folder, "online"), "0-3");
  expect(tree.read("online")).toBe("0-1");
});

test("what cannot be read is null, and holds nothing", () => {
  const tree = openTree(join(folder, "nowhere"));
  expect(tree.read("online")).toBeNull();
  expect(openTree(folder).read(".")).toBeNull();
  expect(tree.list("sys")).toEqual([]);
  expect(tree.has("sys")).toBe(false);
});
