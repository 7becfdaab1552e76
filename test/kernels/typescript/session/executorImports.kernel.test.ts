import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBuiltExecutor, type TestExecutor } from "./executor/builtExecutor.ts";

const folder = mkdtempSync(join(tmpdir(), "numalab-imports-"));
let tester: TestExecutor;

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

beforeAll(async () => {
  write({
    "node_modules/waiting/package.json": '{ "type": "module", "exports": "./main.js" }',
    "node_modules/waiting/main.js": "await null; export const waited = 1; export default 2;",
    "node_modules/old/package.json": '{ "main": "main.js" }',
    "node_modules/old/main.js": "exports.named = 1; exports.others = 2;",
    "tsconfig.json":
      '{ // as people write it\n "extends": "./base.json", "compilerOptions": { "paths": { "@lib/*": ["./src/lib/*"], }, } }',
    "base.json": '{ "compilerOptions": { "experimentalDecorators": true } }',
    "src/lib/mapped.ts": "export const mapped: string = 'mapped';",
    "data.json": '{ "a": [1] }',
    "lib.ts":
      'import { dep, type Text } from "./dep.js";\nexport enum Kind { A = 3 }\nexport const value: number = dep + 1;\nexport function fail(text: Text): never {\n  interface Unused { a: 1 }\n\n  throw new Error(text);\n}\n',
    "dep.ts": "export const dep: number = 10; export type Text = string;",
    "plain.mjs": "export const version = 1;",
    "common.cjs": "exports.version = 1;",
    "typed.cts": "const z: number = 4; export = { z };",
    "view.tsx": "export const same = <T,>(value: T): T => value;",
    "wait.mts": "export const waited: number = await Promise.resolve(5);",
    "bad.ts": "export const fine = 1;\nexport const bad: = 3;",
    "needs.ts": 'export { missing } from "./missing";',
    "plainFolder/index.ts": "export const inFolder = true;",
  });
  tester = await startBuiltExecutor({ workingFolder: folder });
});
afterAll(async () => {
  await tester[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const imported = (specifier: string, expression = "module") =>
  tester.valueOf(
    `await (async () => { const module = await __numalab.import(${JSON.stringify(specifier)}); return ${expression}; })()`,
  );

async function failureOf(specifier: string) {
  const outcome = await tester.run(`await __numalab.import(${JSON.stringify(specifier)})`);
  return outcome.status === "error" ? outcome.error : null;
}

describe("a cell imports from the notebook's folder", () => {
  test("what Node has, and packages of every kind", async () => {
    expect(await imported("node:fs", "typeof module.readFileSync")).toBe("'function'");
    expect(await imported("waiting", "[module.waited, module.default]")).toBe("[ 1, 2 ]");
    expect(await imported("old", "[module.named, module.default.others]")).toBe("[ 1, 2 ]");
  });

  test("TypeScript, however it is named", async () => {
    for (const name of [
      "./lib",
      "./lib.js",
      "./lib.ts",
      join(folder, "lib.ts"),
      pathToFileURL(join(folder, "lib.ts")).href,
    ])
      expect(await imported(name, "[module.value, module.Kind.A]"), name).toBe("[ 11, 3 ]");
    expect(await imported("./view", "module.same(1)")).toBe("1");
    expect(await imported("./wait.mjs", "module.waited")).toBe("5");
    expect(await imported("./typed.cts", "module.default.z")).toBe("4");
    expect(await imported("./plainFolder", "module.inFolder")).toBe("true");
    expect(await imported("@lib/mapped", "module.mapped")).toBe("'mapped'");
  });

  test("JSON, with and without saying so", async () => {
    expect(await imported("./data.json", "module.default.a")).toBe("[ 1 ]");
    expect(await tester.valueOf('(await __numalab.import("./data.json", { with: { type: "json" } })).default.a')).toBe(
      "[ 1 ]",
    );
  });

  test("also by require, and knows where it is", async () => {
    expect(await tester.valueOf('[require("old").named, require("./data.json").a]')).toBe("[ 1, [ 1 ] ]");
    expect(await tester.valueOf("__numalab.meta.dirname")).toBe(`'${folder}'`);
    expect(await tester.valueOf('__numalab.meta.resolve("./lib")')).toBe(
      `'${pathToFileURL(join(folder, "lib.ts")).href}'`,
    );
  });
});

test("the notebook's folder stays where imports begin when a cell goes to another", async () => {
  await using other = await startBuiltExecutor({ workingFolder: folder });
  await other.run("process.chdir('/')");
  expect(await other.valueOf('(await __numalab.import("./data.json")).default.a')).toBe("[ 1 ]");
});

describe("an import that fails says where and why", () => {
  test("for a file that cannot be read", async () => {
    const error = await failureOf("./bad.ts");
    expect(error).toMatchObject({ name: "SyntaxError", message: 'Unexpected "="' });
    expect(error?.traceback.slice(1)).toEqual([
      `    at ${folder}/bad.ts:2:19`,
      "    2 | export const bad: = 3;",
      "      |                   ^",
    ]);
  });

  test("for one that is not there", async () => {
    const error = await failureOf("./nowhere");
    expect(error?.message).toContain("Cannot find module");
    expect(error?.traceback[1]).toBe(`    at In[${tester.lastCellId}]:1:23`);
    expect((await failureOf("no-such-package"))?.message).toContain("Cannot find package 'no-such-package'");
  });

  test("for one that throws, in its own lines", async () => {
    const outcome = await tester.run('(await __numalab.import("./lib")).fail("thrown")');
    const { traceback } = outcome.status === "error" ? outcome.error : { traceback: [] };
    expect(traceback.slice(0, 3)).toEqual([
      "Error: thrown",
      expect.stringMatching(/at .*fail \(.*\/lib\.ts:7:9\)$/),
      "    7 |   throw new Error(text);",
    ]);
  });
});

describe("the next import is of the file as it is now", () => {
  test("and is the same while nothing changes", async () => {
    await tester.run('globalThis.first = await __numalab.import("./lib");');
    expect(await imported("./lib", "module === first")).toBe("true");
  });

  test("when it, or a file that it imports, has changed", async () => {
    write({ "dep.ts": "export const dep: number = 100; export type Text = string;" });
    expect(await imported("./lib", "module.value")).toBe("101");
    write({ "lib.ts": "export const value = 'edited';" });
    expect(await imported("./lib", "module.value")).toBe("'edited'");
    expect(await tester.valueOf("first.value")).toBe("11");
  });

  test("whatever kind it is of", async () => {
    await imported("./plain.mjs");
    await imported("./common.cjs");
    write({
      "plain.mjs": "export const version = 22;",
      "common.cjs": "exports.version = 22;",
      "data.json": '{ "a": "edited" }',
    });
    expect(await imported("./plain.mjs", "module.version")).toBe("22");
    expect(await imported("./common.cjs", "module.version")).toBe("22");
    expect(await imported("./data.json", "module.default.a")).toBe("'edited'");
  });

  test("by require as well, with the rest of what require has", async () => {
    write({ "asked.cjs": "exports.version = 1;", "asking.cjs": "exports.asked = require('./asked.cjs');" });
    const versions = '[require("./asked.cjs").version, require("./asking.cjs").asked.version]';
    expect(await tester.valueOf(versions)).toBe("[ 1, 1 ]");
    expect(await tester.valueOf('require("./asking.cjs") === require("./asking.cjs")')).toBe("true");
    write({ "asked.cjs": "exports.version = 22;" });
    expect(await tester.valueOf(versions)).toBe("[ 22, 22 ]");
    const path = join(folder, "asked.cjs");
    expect(
      await tester.valueOf('[require.resolve("./asked.cjs"), require.resolve("./asked.cjs") in require.cache]'),
    ).toBe(`[ '${path}', true ]`);
    expect(await tester.valueOf('[typeof require.resolve.paths, require("fs") === require("node:fs")]')).toBe(
      "[ 'function', true ]",
    );
    expect((await tester.run("require()")).status).toBe("error");
  });

  test("when it could not be read or found before", async () => {
    write({ "bad.ts": "export const fine: number = 2;" });
    expect(await imported("./bad", "module.fine")).toBe("2");
    expect((await failureOf("./needs"))?.message).toContain("Cannot find module");
    write({ "missing.ts": "export const missing: boolean = false;" });
    expect(await imported("./needs", "module.missing")).toBe("false");
  });
});
