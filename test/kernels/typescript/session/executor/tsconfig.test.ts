import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readProjectConfig } from "../../../../../kernels/typescript/session/executor/tsconfig.ts";

const scratch = mkdtempSync(join(tmpdir(), "numalab-tsconfig-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

let last = 0;

/** A new folder with these files. */
function folderWith(files: Record<string, string>): string {
  const folder = join(scratch, String(++last));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test("paths are resolved from the file that holds them, the most special first", () => {
  const folder = folderWith({
    "tsconfig.json": `{
      // comments, "quotes" and trailing commas
      "extends": ["./config/base"],
      "compilerOptions": { "target": "es2022", /* "paths": {} */ "x": "a // b", },
    }`,
    "config/base.json":
      '{ "compilerOptions": { "paths": { "*": ["any/*"], "@a/*": ["a/*", "b/*"], "one": ["./one.ts"] }, "strict": true } }',
  });
  const config = readProjectConfig(folder);
  expect(config.pathsOf("@a/x/y")).toEqual([join(folder, "config/a/x/y"), join(folder, "config/b/x/y")]);
  expect(config.pathsOf("one")).toEqual([join(folder, "config/one.ts")]);
  expect(config.pathsOf("other")).toEqual([join(folder, "config/any/other")]);
  expect(config.compilerOptions).toEqual({ target: "es2022", x: "a // b", strict: true });
});

test("baseUrl is where paths begin, and where names are looked for", () => {
  const folder = folderWith({
    "tsconfig.json": '{ "compilerOptions": { "baseUrl": "src", "paths": { "@/*": ["lib/*"] } } }',
    "below/notebook.ipynb": "",
  });
  const config = readProjectConfig(join(folder, "below"));
  expect(config.pathsOf("@/x")).toEqual([join(folder, "src/lib/x"), join(folder, "src/@/x")]);
  expect(config.pathsOf("x")).toEqual([join(folder, "src/x")]);
});

test("what is malformed is left out, and the rest holds", () => {
  const rest = '"*": "src/*", "a": null, "b": [1], "c/*": ["lib/*"]';
  const folder = folderWith({ "tsconfig.json": `{ "compilerOptions": { "baseUrl": 5, "paths": { ${rest} } } }` });
  const config = readProjectConfig(folder);
  for (const name of ["x", "a", "b"]) expect(config.pathsOf(name), name).toEqual([]);
  expect(config.pathsOf("c/x")).toEqual([join(folder, "lib/x")]);
  for (const options of ["null", "[]", '"text"', '{ "paths": "src" }', '{ "paths": ["src"] }', '{ "paths": null }'])
    expect(
      readProjectConfig(folderWith({ "tsconfig.json": `{ "compilerOptions": ${options} }` })).pathsOf("x"),
    ).toEqual([]);
});

test("without a file, or with one that cannot be read, nothing is special", () => {
  for (const text of [
    "{ nonsense",
    '{ "extends": "./nowhere" }',
    "[]",
    "null",
    "5",
    '{ "extends": 5 }',
    '{ "extends": "./tsconfig" }',
  ])
    expect(readProjectConfig(folderWith({ "tsconfig.json": text })).pathsOf("x")).toEqual([]);
});
