import { expect, it } from "vitest";
import { ambientOf, globalNames } from "../../../../../kernels/typescript/session/language/ambient.ts";
import { projectOptions } from "../../../../../kernels/typescript/session/language/projectOptions.ts";
import { createTypeService } from "../../../../../kernels/typescript/session/language/typeService.ts";
import type { CellGlobals } from "../../../../../kernels/typescript/session/globals.ts";
import { makeNotebookFolder } from "./notebookFolder.ts";

const serviceIn = (workingFolder: string) => createTypeService({ workingFolder, isCancelled: () => false });

it("the paths of a tsconfig.json above the notebook hold, through what it extends", () => {
  using folder = makeNotebookFolder({
    "base.json": '{ "compilerOptions": { "paths": { "#lib/*": ["./source/*"] }, "noUncheckedIndexedAccess": true } }',
    "tsconfig.json":
      '{ // comments are allowed\n "extends": "./base.json", "compilerOptions": { "module": "commonjs", "noUnusedLocals": true, }, "include": ["source"] }',
    "source/tool.ts": "export const tool = 1;",
    "notebooks/empty.txt": "",
  });
  const service = serviceIn(`${folder.path}/notebooks`);
  expect(service.check("import { tool } from '#lib/tool.ts'; await tool; const unused = 1", 0)).toEqual([]);
  expect(service.check("[1][0].toFixed()", 0)).toEqual([expect.stringContaining("possibly 'undefined'")]);
});

it.each([
  ["{ not json", /tsconfig\.json cannot be used, .*TS1005/s],
  ['{ "extends": "./nowhere.json" }', /TS6053|TS5083/],
  ['{ "compilerOptions": { "target": "es1" } }', /TS6046/],
])("a broken tsconfig.json, %j, is told once, and the defaults hold", (text, remark) => {
  using folder = makeNotebookFolder({ "tsconfig.json": text });
  const service = serviceIn(folder.path);
  expect(service.check("const x: number = 1", 0)).toEqual([expect.stringMatching(remark)]);
  expect(service.check("const x: number = 'a'", 0)).toEqual([expect.stringContaining("TS2322")]);
});

it.each(["[]", '["vite/client"]'])("the types %s of a project stand beside those of Node", (types) => {
  using folder = makeNotebookFolder({
    "tsconfig.json": `{ "compilerOptions": { "types": ${types} } }`,
    "node_modules/vite/client.d.ts": "declare const viteThing: number;",
    "node_modules/@types/node/index.d.ts": "declare const process: { pid: number };",
  });
  const service = serviceIn(folder.path);
  expect(service.check("const id: number = process.pid", 0)).toEqual([]);
  expect(service.check("viteThing", 0)).toHaveLength(types === "[]" ? 1 : 0);
});

it("a folder that is not there has the defaults", () => {
  expect(projectOptions("/nowhere/at/all")).toMatchObject({ remark: null, options: { strict: true } });
});

it("without any types of Node a cell still knows the console", () => {
  using folder = makeNotebookFolder();
  const { options } = projectOptions(folder.path);
  const { text, files } = ambientOf(folder.path, options, null);
  expect(files).toEqual([]);
  expect(text).toContain("declare const console");
});

it("every global of a cell is declared", () => {
  const declared: Record<keyof CellGlobals, true> = {
    display: true,
    clearOutput: true,
    prompt: true,
    page: true,
    kernel: true,
  };
  expect([...globalNames].sort()).toEqual(Object.keys(declared).sort());
});
