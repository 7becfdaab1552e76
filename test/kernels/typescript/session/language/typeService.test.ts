import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createTypeService, type TypeService } from "../../../../../kernels/typescript/session/language/typeService.ts";
import { makeNotebookFolder } from "./notebookFolder.ts";

const folder = makeNotebookFolder({
  "lib.ts": "export interface Row { name: string; size: number }\nexport const rows: Row[] = [];\n",
  "data.json": '{ "answer": 42 }',
  "node_modules/pkg/package.json":
    '{ "name": "pkg", "version": "1.0.0", "type": "module", "exports": { ".": "./index.js", "./deep": "./deep.js" } }',
  "node_modules/pkg/index.js": "",
  "node_modules/pkg/index.d.ts": "/** The answer. */\nexport declare const answer: number;",
  "node_modules/pkg/deep.js": "",
  "node_modules/pkg/deep.d.ts": "export declare function dive(depth: number): string;",
  "node_modules/untyped/package.json": '{ "name": "untyped", "version": "1.0.0", "main": "index.js" }',
  "node_modules/untyped/index.js": "",
});
let service: TypeService;
let cellsCount = 0;

/** The notebook of all these tests: one service, because it takes a second to begin. */
const shared = createTypeService({ workingFolder: folder.path, isCancelled: () => false });

beforeEach(() => {
  service = shared;
  service.forget();
  cellsCount = 0;
});

afterAll(() => {
  folder[Symbol.dispose]();
});

function commit(...cells: readonly string[]): void {
  for (const cell of cells) service.commit(cell);
  cellsCount += cells.length;
}

/** The places and numbers of what is wrong with a cell. */
function faultsOf(code: string): string[] {
  return service.check(code, cellsCount).map((frame) => frame.split(": ")[0] ?? "");
}

describe("a check", () => {
  const right: readonly (readonly [title: string, cells: readonly string[], code: string])[] = [
    [
      "what a cell may do",
      [],
      "await 1; for await (const x of [1]) {} using r = null; export const y = 1; export default 2; import.meta.url",
    ],
    ["Node's names", [], "console.log(process.pid, Buffer.from(''), setTimeout, require('fs'), new URL('http://x'))"],
    [
      "the kernel's names",
      [],
      "display.html('x').update(1); kernel.typeChecking = 'off'; clearOutput({ wait: true }); const s: string = prompt('?'); page(s)",
    ],
    ["its own name for one of the kernel's", [], "const prompt = 5; prompt.toFixed(); const page = 1, display = 2"],
    ["new names of JavaScript", [], "[1].toSorted(); new Set([1]).union(new Set([2])); Object.groupBy([1], (x) => x)"],
    ["parameters without types", [], "const f = (a, b) => a + b; function g(x) { return x.y } const { q } = f(1, 2)"],
    ["an empty array that is filled", [], "const all = []; all.push(1); all.push('a')"],
    ["members that are not known", [], "const o = {}; o['a']; const h = { a: 1 }; const k: string = 'a'; h[k]"],
    ["a package without types", [], "import u from 'untyped'; u.anything"],
    [
      "packages, files and JSON",
      [],
      "import { answer } from 'pkg'; import { dive } from 'pkg/deep'; import { rows } from './lib.ts'; import { rows as r2 } from './lib'; import data from './data.json' with { type: 'json' }; dive(answer + rows.length + r2.length + data.answer)",
    ],
    [
      "values of earlier cells",
      ["const a = 1; let b = 'x'; var c = [1]", "function f(n: number) { return n }\nclass K { m() { return 1 } }"],
      "f(a); b.trim(); c.push(f(new K().m()))",
    ],
    [
      "assignments to variables of earlier cells",
      ["let b = 'x'; var c = 1; let d: number | null = null"],
      "b = 'y'; c = 2; d = 3; [b, c] = ['z', 3]",
    ],
    [
      "types of earlier cells",
      [
        "interface P { a: number }\ntype U = 'x' | 'y'\nenum E { A, B }\nnamespace N { export type T = string; export const v = 1 }",
        "class G<T extends P> { constructor(readonly t: T) {} }",
      ],
      "const p: P = { a: E.B }; const u: U = 'x'; const t: N.T = String(N.v); new G(p).t.a; const g: G<P> = new G(p); u; t; g",
    ],
    [
      "imports of earlier cells",
      ["import * as fs from 'node:fs'\nimport { rows, type Row } from './lib.ts'\nimport pkg = require('node:path')"],
      "fs.existsSync(pkg.sep); const row: Row | undefined = rows[0]; row",
    ],
    ["another type under an old name", ["const a = 1", "const a = 'x'"], "a.trim()"],
    ["another kind under an old name", ["const a = 1", "class a {}", "function a() { return 1 }"], "a().toFixed()"],
    [
      "a name of an earlier cell anew",
      ["const a = 1; let b = 2; function f() {}"],
      "const a = 'x'; let b = a; function f(x: string) { return x } f(b)",
    ],
    [
      "types made of types",
      ["const rows = [{ a: 1, b: 'x' }]", "const byB = new Map(rows.map((r) => [r.b, r] as const))"],
      "byB.get('x')?.a.toFixed()",
    ],
    [
      "a class with private parts",
      ["class A { #p = 1; private q = 2; static make(): A { return new A() } read() { return this.#p + this.q } }"],
      "const a: A = A.make(); a.read()",
    ],
    [
      "a generic function",
      ["const pick = <T, K extends keyof T>(t: T, k: K): T[K] => t[k]"],
      "pick({ a: 'x' }, 'a').trim()",
    ],
    [
      "a function of a local type",
      ["function make() { class Local { v = 1 } return new Local() }"],
      "make().v.toFixed()",
    ],
    ["what a cell asserts", [], "// @ts-expect-error\nconst x: number = 'x'"],
    ["an unused name", [], "const unused = 1; import { join } from 'node:path'"],
    ["code after a throw", [], "throw 1; console.log(2)"],
    ["a decorator", [], "const log = (v: unknown, c: ClassMethodDecoratorContext) => {}; class A { @log m() {} }"],
    ["names that are not ASCII", ["const größe = 1; const $x = 2; const 数 = 3"], "(größe + $x + 数).toFixed()"],
    ["nothing", [], ""],
  ];
  it.each(right)("finds nothing wrong with %s", (_, cells, code) => {
    commit(...cells);
    expect(service.check(code, cellsCount)).toEqual([]);
  });

  const wrong: readonly (readonly [
    title: string,
    cells: readonly string[],
    code: string,
    faults: readonly string[],
  ])[] = [
    ["a wrong type", [], "const x: number = 'a'", ["1:7 - TS2322"]],
    ["two of them", [], "const x: number = 'a'\n\n  const y: string = 1", ["1:7 - TS2322", "3:9 - TS2322"]],
    ["an unknown name", [], "nope", ["1:1 - TS2304"]],
    ["a wrong argument", ["function f(n: number) { return n }"], "f('x')", ["1:3 - TS2345"]],
    ["a missing member", ["const o = { a: 1 }"], "o.b", ["1:3 - TS2339"]],
    ["null", ["let n: string | null = null"], "n.length", ["1:1 - TS18047"]],
    ["an assignment to a constant", ["const c = 1"], "c = 2", ["1:1 - TS2632"]],
    ["a wrong value for a setting", [], "kernel.typeChecking = 'loud'", ["1:1 - TS2322"]],
    ["a missing module", [], "import x from './nowhere.ts'", ["1:15 - TS2307"]],
    ["a missing export", [], "import { nothing } from 'pkg'", ["1:10 - TS2305"]],
    ["the DOM", [], "document.title", ["1:1 - TS2584"]],
    ["syntax and nothing after it", [], "const x: number = 'a'; const = 5; y", ["1:30 - TS1134"]],
    ["a type of an earlier cell", ["interface P { a: number }"], "const p: P = { b: 1 }", ["1:16 - TS2353"]],
    ["a name that is gone", ["const a = { old: 1 }", "const a = { fresh: 1 }"], "a.old", ["1:3 - TS2339"]],
    ["something after a wide character", [], "const s = '💥'; s.foo", ["1:19 - TS2339"]],
  ];
  it.each(wrong)("finds %s", (...[, cells, code, faults]) => {
    commit(...cells);
    expect(faultsOf(code)).toEqual(faults);
  });

  it("shows the line and underlines what is wrong with it", () => {
    expect(service.check("let ok = 1\n  const x: number = ok.toFixed()", 0)).toMatchInlineSnapshot(`
      [
        "2:9 - TS2322: Type 'string' is not assignable to type 'number'.
            const x: number = ok.toFixed()
                  ~",
      ]
    `);
  });

  it("tells ten faults and counts the rest", () => {
    const frames = service.check("nope()\n".repeat(13), 0);
    expect(frames).toHaveLength(11);
    expect(frames.at(-1)).toBe("… and 3 more");
  });

  it("does not see cells that were committed after its own", () => {
    commit("const a = 1", "const a = 'x'");
    expect(service.check("a.toFixed()", 1)).toEqual([]);
    expect(service.check("a.toFixed()", 2)).toHaveLength(1);
    expect(service.check("a", 0)).toHaveLength(1);
  });

  it("sees an edited file", () => {
    expect(service.check("import { fresh } from './lib.ts'", 0)).toHaveLength(1);
    folder.write(
      "lib.ts",
      "export interface Row { name: string; size: number }\nexport const rows: Row[] = [];\nexport const fresh = 1;\n",
    );
    expect(service.check("import { fresh } from './lib.ts'; fresh.toFixed()", 0)).toEqual([]);
  });

  it("knows no cell after forgetting", () => {
    commit("const a = 1");
    service.forget();
    expect(faultsOf("a")).toEqual(["1:1 - TS2304"]);
  });

  it("of a chain of cells costs no more at its end", () => {
    commit("let v = 1; const w0 = { next: 1 }");
    for (let at = 1; at < 40; at++) commit(`v = v + ${at}; const w${at} = { next: w${at - 1}.next, [v]: 1 }`);
    expect(service.check("w39.next.toFixed() + v", cellsCount)).toEqual([]);
  });
});

describe("a completion", () => {
  /** `‸` is the cursor; the matches begin with those given. */
  const cases: readonly (readonly [
    title: string,
    cells: readonly string[],
    code: string,
    start: number,
    matches: readonly string[],
    kind: string,
  ])[] = [
    ["members", [], "const o = { alpha: 1, beta: 'x' }\no.al‸", 36, ["alpha"], "property"],
    ["members of a result", [], "[1].ma‸", 4, ["map"], "method"],
    ["members within a call", ["const o = { alpha: 1 }"], "f((x) => o.‸", 11, ["alpha"], "property"],
    [
      "members in an open block",
      ["const o = { alpha: 1 }"],
      "if (x) { for (const y of z) { o.‸",
      32,
      ["alpha"],
      "property",
    ],
    ["members in an open template", ["const o = { alpha: 1 }"], "`a ${o.‸", 7, ["alpha"], "property"],
    ["members in the middle of a line", ["const o = { alpha: 1 }"], "const z = o.‸; f(z)", 12, ["alpha"], "property"],
    ["a name of an earlier cell", ["const measured = 1"], "1 + meas‸", 4, ["measured"], "constant"],
    ["a function of an earlier cell", ["function measure() {}"], "meas‸", 0, ["measure"], "function"],
    ["a class of an earlier cell", ["class Measurement {}"], "new Meas‸", 4, ["Measurement"], "class"],
    ["a type of an earlier cell", ["interface Measured { a: 1 }"], "let x: Meas‸", 7, ["Measured"], "type"],
    ["a name of the same cell", [], "const own1 = 1\now‸", 15, ["own1"], "constant"],
    ["a parameter", [], "const f = (weight: number) => wei‸", 30, ["weight"], "variable"],
    ["globals of Node", [], "conso‸", 0, ["console"], "variable"],
    ["globals of the kernel", [], "disp‸", 0, ["display"], "constant"],
    ["a keyword", [], "awai‸", 0, ["await"], "keyword"],
    ["settings of the kernel", [], "kernel.typeC‸", 7, ["typeChecking"], "property"],
    ["values of a setting", [], "kernel.typeChecking = '‸", 23, ["error", "off", "warn"], "value"],
    [
      "a union of strings",
      ["type Mode = 'bind' | 'interleave' | 'prefer'"],
      "const m: Mode = 'inter‸'",
      17,
      ["interleave"],
      "value",
    ],
    [
      "options of a call",
      ["import * as fs from 'node:fs'"],
      "fs.readFileSync('x', { enc‸",
      23,
      ["encoding"],
      "property",
    ],
    ["modules of Node", [], "import {} from 'node:fs/‸", 24, ["promises"], "module"],
    ["packages", [], "import {} from 'pk‸", 16, ["pkg"], "path"],
    ["parts of packages", [], "import {} from 'pkg/‸", 20, ["deep"], "path"],
    ["files", [], "import {} from './l‸", 18, ["lib"], "path"],
    ["names of a module", [], "import { ro‸ } from './lib.ts'", 9, ["rows"], "constant"],
    ["a dynamic import", [], "await import('pk‸", 14, ["pkg"], "path"],
    ["after a wide character", ["const o = { alpha: 1 }"], "'💥'; o.al‸", 8, ["alpha"], "property"],
  ];
  it.each(cases)("offers %s", (...[, cells, marked, start, matches, kind]) => {
    commit(...cells);
    const position = marked.indexOf("‸");
    const completion = service.complete(marked.replace("‸", ""), position);
    expect(completion).toMatchObject({ start, end: position, memberOf: null });
    expect(completion.matches.slice(0, matches.length)).toEqual(matches);
    expect(completion.kinds[0]).toBe(kind);
    expect(completion.kinds).toHaveLength(completion.matches.length);
  });

  it.each(["meas‸", "o.al‸", "import {} from './‸", "‸", "console.‸"])("of %j begins with what is there", (marked) => {
    commit("const measured = 1, other = 2, o = { alpha: 1, beta: 2 }");
    const { matches, start, end } = service.complete(marked.replace("‸", ""), marked.indexOf("‸"));
    expect(matches.length).toBeGreaterThan(0);
    for (const match of matches) expect(match.startsWith(marked.slice(start, end))).toBe(true);
  });

  it("of nothing offers the names of the notebook first, the newest before", () => {
    commit("const first = 1", "const second = 2");
    expect(service.complete("", 0).matches.slice(0, 3)).toEqual(["second", "first", "AbortController"]);
  });

  it.each([
    ["x.‸", "x"],
    ["x.foo.ba‸", "x.foo"],
    ["1 + x?.foo['a b'][0].‸", "x?.foo['a b'][0]"],
    ["f(x.‸)", "x"],
  ])("of %j, whose members no type tells, names the expression %j", (marked, memberOf) => {
    commit("declare const x: any; const f = (y) => y");
    expect(service.complete(marked.replace("‸", ""), marked.indexOf("‸"))).toMatchObject({ matches: [], memberOf });
  });

  it.each(["f().‸", "x.y().‸", "new X().‸", "// x.‸", "/* x.‸ */", "'x.‸", "(x).‸", "x[f()].‸", "x++.‸"])(
    "of %j names no expression, since reading it could do something",
    (marked) => {
      commit("declare const x: any; const f = (y) => y");
      expect(service.complete(marked.replace("‸", ""), marked.indexOf("‸"))).toMatchObject({ memberOf: null });
    },
  );
});

describe("an inspection", () => {
  const inspect = (marked: string, detailLevel = 0) =>
    service.inspect(marked.replace("‸", ""), marked.indexOf("‸"), detailLevel);

  it("tells the type, what is said about it, and its tags", () => {
    commit(
      "/**\n * Adds two numbers.\n * @param a the first\n * @returns the sum\n * @example add(1, 2)\n */\nfunction add(a: number, b = 2) { return a + b }",
    );
    expect(inspect("ad‸d(1)")).toMatchInlineSnapshot(`
      {
        "text/markdown": "\`\`\`typescript
      add(a: number, b?: number): number
      \`\`\`

      Adds two numbers.

      *@param* a the first

      *@returns* the sum

      *@example*
      \`\`\`typescript
      add(1, 2)
      \`\`\`",
        "text/plain": "add(a: number, b?: number): number

      Adds two numbers.

      @param a the first
      @returns the sum
      @example add(1, 2)",
      }
    `);
  });

  it.each([
    ["con‸sole.log", "namespace console"],
    ["console.lo‸g", "(method) Console.log(message?: any, ...optionalParams: any[]): void"],
    ["const x = [1, 'a']; x‸", "const x: (string | number)[]"],
    ["measured‸ + 1", "const measured: number"],
    ["let y: Row‸", "interface Row"],
    ["import { answer‸ } from 'pkg'", "const answer: number"],
    ["disp‸lay", "const display: Display"],
  ])("of %j tells %j", (marked, declaration) => {
    commit("const measured: number = 1; interface Row { a: 1 }");
    expect(String(inspect(marked)?.["text/plain"]).split("\n")[0]).toBe(declaration);
  });

  it("within the parentheses of a call tells the signature and the parameter", () => {
    commit("/** Moves pages. */\nfunction move(from: number, to: number[] = []) { return from }");
    expect(inspect("move(1, ‸")?.["text/plain"]).toMatchInlineSnapshot(`
      "move(from: number, to?: number[]): number

      to?: number[]

      Moves pages."
    `);
    expect(inspect("[1].map(‸)")?.["text/plain"]).toContain("map(");
    expect(inspect("new Map(‸")?.["text/plain"]).toContain("// and 3 more");
  });

  it.each([
    ["function twice(a: number): number\nfunction twice(a: any) {\n  return 2 * a;\n}", "twi‸ce(1)"],
    ["let half = (a: number) => a / 2;", "ha‸lf(1)"],
    ["class Box { size = 1 }", "new Bo‸x()"],
    ["interface Lid { size: 1 }", "let lid: Li‸d"],
  ])("with more detail shows what was written: %s", (written, marked) => {
    commit(`0; ${written} 0;`);
    commit("const later = 1");
    expect(inspect(marked, 1)?.["text/plain"]).toContain(`\n\n${written}`);
    expect(inspect(marked, 1)?.["text/markdown"]).toContain(`\`\`\`typescript\n${written}\n\`\`\``);
    expect(inspect(marked)?.["text/plain"]).not.toContain(written);
  });

  it("with more detail shows what stands in the cell itself, and nothing of what no cell has written", () => {
    expect(inspect("const own = { a: 1 }; ow‸n", 1)?.["text/plain"]).toContain("\n\nconst own = { a: 1 };");
    expect(inspect("[1].at‸(0)", 1)).toEqual(inspect("[1].at‸(0)"));
    expect(inspect("‸", 1)).toBe(null);
    expect(inspect("[1].map(‸)", 1)).toEqual(inspect("[1].map(‸)"));
  });

  it.each(["‸", "1 + ‸ 2", "nothing‸", "// com‸ment"])("of %j tells nothing", (marked) => {
    expect(inspect(marked)).toBe(null);
  });
});
