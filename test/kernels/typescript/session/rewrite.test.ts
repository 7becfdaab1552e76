import { describe, expect, it } from "vitest";
import { startReplSession } from "./rewrite/replSession.ts";

/** Each case: what it shows, the cells, and the value of the last one as JSON sees it. */
type Case = readonly [title: string, cells: readonly string[], value: unknown];

const cases: Record<string, readonly Case[]> = {
  values: [
    ["an expression", ["1 + 1"], 2],
    ["an expression with a semicolon and comments", ["1 + 1; // two\n/* and\nno more */"], 2],
    ["empty statements after it", ["3;;;"], 3],
    ["a type after it", ["4\ntype T = number"], 4],
    ["an awaited value", ["await Promise.resolve(5)"], 5],
    ["an awaited value in parentheses", ["await (Promise.resolve(5))"], 5],
    ["an awaited array", ["await [1]"], [1]],
    ["an object in parentheses", ["({ a: 1, b: [2] })"], { a: 1, b: [2] }],
    ["the last of a comma list", ["1, 2"], 2],
    ["a function", ["(function () { return 1 })()"], 1],
    ["an assignment", ["let a; a = 7"], 7],
    ["a template", ["`a${1}b`"], "a1b"],
    ["a cast", ["(5 as unknown) as number"], 5],
    ["a cast without parentheses", ["5 as any satisfies number"], 5],
    ["an old cast", ["<number>5"], 5],
    ["a string, which is no directive here", ['"use strict"'], "use strict"],
    ["nothing of a declaration", ["const x = 1"], undefined],
    ["nothing of a comment", ["// only a comment"], undefined],
    ["nothing of a cell without text", [""], undefined],
    ["nothing of a block", ["{ 1 }"], undefined],
    ["the default export", ["export default { a: 1 }"], { a: 1 }],
    ["a chain over lines", ["[3, 1, 2]\n  .map((x: number): number => x * 2)\n  .sort()"], [2, 4, 6]],
    ["a text with a NUL", ['"a\\0b" + "\0"'], "a\0b\0"],
    ["a regular expression", ["/a+/g.test('caat')"], true],
    ["a shebang is a comment", ["#!/usr/bin/env node\n1"], 1],
  ],
  declarations: [
    [
      "destructuring",
      ["const { a, b: [c, ...d], ...e } = { a: 1, b: [2, 3, 4], f: 5 };", "[a, c, d, e]"],
      [1, 2, [3, 4], { f: 5 }],
    ],
    ["closures see later assignments", ["let v = 1; function gv() { return v }", "v = 10; gv()"], 10],
    ["closures see a later declaration", ["let v = 1; const gv = () => v", "const v = 'x'; gv()"], "x"],
    ["a declaration may use the value it replaces", ["const n = 1", "const n = n + 1; n"], 2],
    ["a let without a value is undefined", ["let u = 1", "let u; typeof u"], "undefined"],
    ["functions are lifted", ["const r = twice(4); function twice(x: number) { return 2 * x } r"], 8],
    [
      "functions are lifted over a let of before",
      ["let twice = 1", "twice(4); function twice(x: number) { return 2 * x }; twice(4)"],
      8,
    ],
    [
      "functions may call each other",
      ["function even(n) { return n === 0 || odd(n - 1) }\nfunction odd(n) { return n > 0 && even(n - 1) }\neven(10)"],
      true,
    ],
    ["the last of two functions counts", ["function f() { return 1 }\nfunction f() { return 2 }\nf()"], 2],
    [
      "generators and async functions",
      ["function* g() { yield 1; yield* [2, 3] }\nasync function h() { return [...g()] }\nawait h()"],
      [1, 2, 3],
    ],
    ["a function knows its name", ["function named() {}\nnamed.name"], "named"],
    ["an arrow knows its name", ["const a1 = () => {}; var b1 = () => {}; [a1.name, b1.name]"], ["a1", "b1"]],
    [
      "a function finds its newer self",
      ["function f(n) { return n ? f(n - 1) : 'old' }; const old = f", "function f() { return 'new' }; old(1)"],
      "new",
    ],
    ["a var is there before its line", ["const t = typeof w; var w = 1; [t, w]"], ["undefined", 1]],
    ["a var in a loop lives on", ["for (var i = 0; i < 3; i++) {}\ni"], 3],
    ["a var in a loop over a let", ["let i = 'x'", "for (var i = 0, j; i < 3; i++) j = i\n;[i, j]"], [3, 2]],
    ["a var of a for of", ["for (var [k, v] of Object.entries({ a: 1 })) ;\n[k, v]"], ["a", 1]],
    ["a var of a for in", ["let key = 1", "for (var key in { z: 1 }) {}\nkey"], "z"],
    ["a var in an if", ["if (true) var deep = 1; else var other = 2\n;[deep, other]"], [1, null]],
    ["a var with a pattern", ["var { p, q = 2 } = { p: 1 }, r = 3\n;[p, q, r]"], [1, 2, 3]],
    ["a var declared again keeps its value", ["var kept = 1", "var kept; kept"], 1],
    ["a var that never got a value", ["throw 1; let never = 2", "var never; typeof never"], "undefined"],
    ["a var twice", ["var t2 = 1; var t2 = t2 + 1; t2"], 2],
    ["a var and a function", ["var both = 1; function both() {}\nboth"], 1],
    ["a var of a function stays there", ["let own = 1; (() => { var own = 2 })(); own"], 1],
    [
      "a let in a loop is new each round",
      ["const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i)\nfs.map((f) => f())"],
      [0, 1, 2],
    ],
    ["names declared before a throw are kept", ["const kept = 1; throw new Error('x'); const lost = 2", "kept"], 1],
    [
      "labels",
      [
        "outer: for (const a of [1, 2, 3]) for (const b of [1, 2]) { if (a * b === 4) break outer; if (b === 2) continue outer }\n'done'",
      ],
      "done",
    ],
    ["a cell is strict", ["(function () { return this === undefined })()"], true],
    ["this is the global object", ["this === globalThis"], true],
  ],
  classes: [
    [
      "a class with generics",
      ["class Box<T> { constructor(readonly v: T) {} get(): T { return this.v } }\nnew Box<number>(3).get()"],
      3,
    ],
    [
      "fields and accessors",
      [
        "class A { #p = 1; static s = 2; declare d: number; x!: string; get p() { return this.#p } }\n[new A().p, A.s, 'd' in new A()]",
      ],
      [1, 2, false],
    ],
    [
      "an abstract class",
      [
        "abstract class S { abstract area(): number; twice() { return 2 * this.area() } }\nclass Q extends S { override area() { return 4 } }\nnew Q().twice()",
      ],
      8,
    ],
    [
      "overloads",
      ["function o(a: string): string;\nfunction o(a: number): number;\nfunction o(a: any) { return a }\no(1)"],
      1,
    ],
    ["a class twice", ["class K { v = 1 }", "class K { v = 2 }\nnew K().v"], 2],
    ["a class refers to itself", ["class R { static make() { return new R() } }\nR.make() instanceof R"], true],
    [
      "parameter properties",
      ["class P { constructor(private a: number, public b = 2) {} sum() { return this.a + this.b } }\nnew P(1).sum()"],
      3,
    ],
    ["implements", ["interface I { a: number }\nclass J implements I { a = 1 }\nnew J().a"], 1],
    ["an accessor field", ["class Acc { accessor x = 1 }\nconst acc = new Acc(); acc.x = 5; acc.x"], 5],
    [
      "decorators",
      [
        "function log(v, c) { return function (...a) { return 'seen ' + v.apply(this, a) } }\nclass D { @log m(x: number) { return x } }\nnew D().m(1)",
      ],
      "seen 1",
    ],
    [
      "a decorator of a class, from an earlier cell",
      ["function tag(c, context) { c.tag = context.name }", "@tag class Tagged {}", "Tagged.tag"],
      "Tagged",
    ],
    ["a class as the default export", ["export default class {}; 1"], 1],
    [
      "a mixin",
      [
        "const mix = <B extends new (...a: any[]) => object>(b: B) => class extends b { mixed = true }\nnew (mix(class {}))().mixed",
      ],
      true,
    ],
  ],
  enums: [
    ["an enum", ["enum E { A, B = 'x', C = 1 << 3 }\n[E.A, E.B, E.C, E[0]]"], [0, "x", 8, "A"]],
    ["a const enum in a later cell", ["const enum F { Z = 3 }", "F.Z"], 3],
    ["a declared enum is nothing", ["declare enum G { Y }\ntypeof G"], "undefined"],
    ["an enum twice replaces", ["enum E { A }", "enum E { B }\nE"], { 0: "B", B: 0 }],
    ["an enum over a const", ["const E = 1", "enum E { A }\nE.A"], 0],
    [
      "an enum over a function and a function over an enum",
      ["function E() {}", "enum E { A }", "function E() { return 9 }\nE()"],
      9,
    ],
    [
      "a namespace merges within a cell",
      ["namespace N { export const a = 1 }\nnamespace N { export const b = a + 1 }\n[N.a, N.b]"],
      [1, 2],
    ],
    ["a namespace of types is nothing", ["namespace T { export type X = 1 }\ntypeof T"], "undefined"],
    ["a namespace and a function", ["function nf() { return nf.x }\nnamespace nf { export let x = 3 }\nnf()"], 3],
    [
      "an alias of a namespace",
      ["namespace O { export namespace I { export const v = 6 } }\nimport al = O.I\nal.v"],
      6,
    ],
    ["import = require", ["import path = require('node:path')\npath.basename('a/b')"], "b"],
  ],
  types: [
    [
      "everything that is only a type",
      [
        "interface A { a: number }\ntype B = A & { b?: string }\ndeclare const c: B\ndeclare function d(): void\nexport type { A }\n1",
      ],
      1,
    ],
    [
      "satisfies, non-null, optional",
      ["const o = { a: 1 } satisfies { a: number }\nconst f = (x?: number) => x!\nf(o!.a)"],
      1,
    ],
    ["generic calls", ["const id = <T,>(x: T) => x\nid<number>(2)"], 2],
    [
      "type predicates",
      [
        "function isS(x: unknown): x is string { return typeof x === 'string' }\nfunction must(x: unknown): asserts x {}\nmust(1)\nisS('')",
      ],
      true,
    ],
    ["this parameters", ["function th(this: { a: number }, b: number) { return this.a + b }\nth.call({ a: 1 }, 2)"], 3],
    ["a type named like a global leaves it alone", ["interface Map { m: 1 }", "new Map([[1, 2]]).size"], 1],
    ["a cast changes no grouping", ["(1 + 1 as number) * 2"], 4],
    ["a cast of a sum divided", ["1 + 1 as any / 2"], 1],
  ],
  imports: [
    ["a default", ["import c from 'counter'\nc"], "counted"],
    ["names", ["import { first, second as zwei, 'odd name' as odd } from 'counter'\n[first, zwei, odd]"], [1, 2, 3]],
    ["a default and names", ["import c, { first } from 'counter'\n[c, first]"], ["counted", 1]],
    ["a namespace", ["import * as ns from 'counter'\nns.second"], 2],
    ["a default and a namespace", ["import c, * as ns from 'counter'\n[c, ns.first]"], ["counted", 1]],
    ["a side effect", ["import 'counter'\n1"], 1],
    ["over lines", ["import {\n  first,\n  second,\n} from 'counter'\nfirst + second"], 3],
    ["a name replaces another", ["const first = 'x'", "import { first } from 'counter'\nfirst"], 1],
    ["and is replaced", ["import { first } from 'counter'", "function first() { return 7 }\nfirst()"], 7],
    ["an import after its use", ["const three = first + second\nimport { first, second } from 'counter'\nthree"], 3],
    [
      "types only",
      ["import type { X } from 'broken'\nimport { type Y } from 'broken'\nlet y: X | Y | null = null; y"],
      null,
    ],
    ["a name used as a type only needs no module", ["import { X } from 'broken'\nconst y: X | number = 1; y"], 1],
    ["dynamic", ["(await import('counter')).first"], 1],
    ["in a function", ["const load = async (n: string) => (await import(n)).second\nawait load('counter')"], 2],
    ["meta", ["import.meta.url"], "file:///notebook/cell.ts"],
    [
      "exports are allowed",
      [
        "export const ex = 1; export function ey() { return 2 }\nexport class Ez {}\nexport { ex as fx }; export * from 'counter'; export { first } from 'counter'\nex + ey()",
      ],
      3,
    ],
    ["an export needs no semicolon before it", ["const one = 1\nexport default [one][0]"], 1],
    ["a default function", ["export default function df() { return 4 }\ndf()"], 4],
    ["a nameless default function", ["export default function () { return 4 }\n1"], 1],
    ["export =", ["export = 5"], 5],
  ],
  awaiting: [
    [
      "for await",
      ["async function* g() { yield 1; yield 2 }\nlet sum = 0\nfor await (const x of g()) sum += x\nsum"],
      3,
    ],
    [
      "for await with a block",
      ["const seen = []; for await (const x of [1, Promise.resolve(2)]) { const y = x; seen.push(y) }\nseen"],
      [1, 2],
    ],
    ["an if without braces", ["let z = 0\nif (z) await 1\nelse z = await 2\nz"], 2],
    ["a loop without braces", ["let w = 0; for (const x of [1, 2]) w += await x\nw"], 3],
    ["no semicolons", ["const a = 1\nawait a\nconst b = await a\nb"], 1],
    ["within an expression", ["[await 1, ...(await [2, 3])].map((x) => x + 1)"], [2, 3, 4]],
    ["a member of an awaited value", ["(await { a: { b: 1 } }).a?.b"], 1],
    [
      "in functions",
      ["async function f() { return await 1 + await 2 }\nconst g = async () => await f()\nawait g()"],
      3,
    ],
    ["a new of an awaited class", ["new (await class { v = 1 })().v"], 1],
    ["nested", ["await (await (async () => async () => 5)())()"], 5],
    ["in a template", ["`${await 1}-${await 'x'}`"], "1-x"],
  ],
  disposing: [
    [
      "using ends with the cell",
      [
        "const log: string[] = []",
        "using r = { [Symbol.dispose]() { log.push('end') } }\nlog.push('body')\nlog.length",
        "log",
      ],
      ["body", "end"],
    ],
    [
      "the value comes before the end",
      ["let open = false", "using r = { [Symbol.dispose]() { open = false } }; open = true; open"],
      true,
    ],
    [
      "await using",
      [
        "const log: string[] = []",
        "await using r = { async [Symbol.asyncDispose]() { await 1; log.push('end') } }",
        "log",
      ],
      ["end"],
    ],
    [
      "using in a block",
      ["const l: number[] = []; { using a = { [Symbol.dispose]() { l.push(1) } }; l.push(0) } l.push(2); l"],
      [0, 1, 2],
    ],
    [
      "using in a function",
      ["function f() { using a = { [Symbol.dispose]() { d = 1 } }; return 0 }\nlet d = 0; f(); d"],
      1,
    ],
    [
      "the order is the reverse",
      [
        "const o: string[] = []; const m = (n: string) => ({ [Symbol.dispose]() { o.push(n) } })",
        "using a = m('a'), b = m('b')",
        "o",
      ],
      ["b", "a"],
    ],
    [
      "names beside a using live on",
      [
        "using a = null; const c1 = 1; function f1() { return c1 } class K1 {} export default 4; var v1 = f1()",
        "[c1, f1(), typeof K1, v1, a]",
      ],
      [1, 1, "function", 1, null],
    ],
    [
      "an error still disposes",
      ["let gone = false", "using r = { [Symbol.dispose]() { gone = true } }; throw new Error('x')", "gone"],
      true,
    ],
    ["using in two cells", ["using a = null", "using a = null, b = undefined; 3"], 3],
  ],
  globals: [
    [
      "a name of a library stays that of libraries",
      [
        "import { first as setTimeout } from 'counter'\nconst document = 'text', window = 4096",
        "[setTimeout, document, window]",
      ],
      [1, "text", 4096],
    ],
    [
      "and no library sees the other",
      [
        "const window = 1, URL = 2; function fetch() {} class Map {}",
        "[typeof globalThis.window, new Function('return typeof URL')(), new Function('return new Map().size')()]",
      ],
      ["undefined", "undefined", 0],
    ],
    [
      "shorthands",
      ["const { URL, name: process = 1 } = { URL: 5 }; const o = { URL, process }; o"],
      { URL: 5, process: 1 },
    ],
    [
      "members keep their names",
      ["const performance = { performance: 1 }; [performance.performance, { performance: 3 }.performance]"],
      [1, 3],
    ],
    [
      "parameters are what they were",
      ["let Buffer = 1; const f = (Buffer: number, { URL } = { URL: 4 }) => Buffer + URL; f(2)"],
      6,
    ],
    ["methods are what they were", ["const crypto = 1; class A { crypto() { return 2 } } new A().crypto()"], 2],
    ["lifted", ["fetch(); function fetch() { return 3 } var escape = fetch()\n;[fetch(), escape]"], [3, 3]],
    [
      "redeclared",
      ["const fetch = 1", "function fetch() { return 2 }", "class fetch { static v = fetch }\ntypeof fetch.v"],
      "function",
    ],
  ],
};

describe.each(Object.entries(cases))("%s", (_, table) => {
  it.each(table)("%s", async (_, cells, value) => {
    using session = startReplSession();
    let ran = { value: undefined as unknown, error: undefined as unknown };
    for (const cell of cells) ran = await session.run(cell);
    expect(ran.error).toBe(undefined);
    expect(ran.value === undefined ? undefined : JSON.parse(JSON.stringify(ran.value))).toEqual(value);
  });
});

const declarations: Record<string, (value: number) => string> = {
  const: (value) => `const it = ${value}`,
  let: (value) => `let it = ${value}`,
  var: (value) => `var it = ${value}`,
  "var in a loop": (value) => `for (var it = ${value}; false; ) {}`,
  function: (value) => `function it() { return ${value} }`,
  class: (value) => `class it { static v = ${value} }`,
  enum: (value) => `enum it { v = ${value} }`,
  namespace: (value) => `namespace it { export const v = ${value} }`,
  "default import": () => `import it from "counter"`,
  "namespace import": () => `import * as it from "counter"`,
  "decorated class": (value) => `@(() => {}) class it { static v = ${value} }`,
  using: () => `using it = null`,
  destructuring: (value) => `const [{ it }] = [{ it: ${value} }]`,
};

describe("redeclaration", () => {
  const kinds = Object.entries(declarations);
  it.each(kinds)("%s may follow everything and be followed by everything", async (_, declare) => {
    using session = startReplSession();
    for (const [, other] of kinds) {
      for (const cell of [other(1), declare(2), other(3)])
        expect(await session.run(cell)).toMatchObject({ error: undefined });
      const read =
        "it === null ? 3 : typeof it === 'number' || typeof it === 'string' ? it : (it.v ?? it.first ?? it())";
      expect([3, 1, "counted"]).toContain((await session.run(read)).value);
    }
  });
});
