import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listKernelspecs, removeKernelspecs } from "../../../kernels/typescript/install.ts";
import { kernelspecsOf } from "../../../kernels/typescript/install/kernelspec.ts";

let dataFolder = "";
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "numalab-jupyter-"));
});
afterEach(() => {
  rmSync(dataFolder, { recursive: true });
});

function writeFileOf(name: string, text: string): string {
  const folder = join(dataFolder, "kernels", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), text);
  return folder;
}

test("only this package's kernelspecs are listed, with what they name and is gone", () => {
  const programs = { node: process.execPath, main: join(dataFolder, "moved/main.js"), tslab: null };
  const folder = writeFileOf("numalab", JSON.stringify(kernelspecsOf(programs, null)[0]!.file));
  writeFileOf("python3", JSON.stringify({ argv: ["python"], display_name: "Python 3" }));
  writeFileOf("broken", "{");
  expect(listKernelspecs(dataFolder)).toEqual([
    { name: "numalab", displayName: "TypeScript (numalab)", folder, missingPaths: [programs.main] },
  ]);
});

test("only this package's kernelspecs are removed", () => {
  const programs = { node: process.execPath, main: "/main.js", tslab: null };
  const own = writeFileOf("numalab", JSON.stringify(kernelspecsOf(programs, null)[0]!.file));
  const other = writeFileOf("python3", "{}");
  expect(removeKernelspecs(dataFolder).map(({ name }) => name)).toEqual(["numalab"]);
  expect([own, other].map((folder) => existsSync(folder))).toEqual([false, true]);
});

test("a data folder that is not there holds none", () => {
  expect(listKernelspecs(join(dataFolder, "absent"))).toEqual([]);
});
