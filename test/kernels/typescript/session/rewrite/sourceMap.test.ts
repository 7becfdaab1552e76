import fc from "fast-check";
import { SourceMap, type SourceMapPayload } from "node:module";
import { expect, it } from "vitest";
import {
  formatSourceMap,
  readMappings,
  type Mapping,
} from "../../../../../kernels/typescript/session/rewrite/sourceMap.ts";
import { startReplSession } from "./replSession.ts";

/** Each cell calls `fail` at the place of `‸`, which is taken out before it is run. */
const cells = [
  "‸fail()",
  "const x: number = ‸fail()",
  "await 1\nawait ‸fail()",
  "import c, { first } from 'counter'; ‸fail()",
  "import {\n  first,\n} from 'counter'\n\nconst a = first\n  + ‸fail()",
  "const a = 1, b = await 2; if (a) ‸fail(await b)",
  "function f(a: string): void {\n  const b = a as string;\n  ‸fail(b)\n}\nf('x')",
  "f()\nfunction f() {\n    ‸fail()\n}",
  "export default function () {}\nexport const y = (z: number) => ‸fail(z); y(1)",
  "class A<T> { private readonly b: T = ‸fail() }\nnew A()",
  "for await (const x of [1]) ‸fail(x)",
  "var { p, q = ‸fail() } = { p: 1 }",
  "const window = 1; window; ‸fail(window)",
  "enum E { A = ‸fail() }",
  "enum E { A }\n\nfunction f(a: E) {\n  return ‸fail(a)\n}\nf(E.A)",
  "namespace N {\n  export const a = ‸fail()\n}",
  "class P {\n  constructor(private a: number) {\n    ‸fail(a)\n  }\n}\nnew P(1)",
  "{\n  using r = null\n  ‸fail(r)\n}",
  "using r = null\nconst s = 1;\n‸fail(r)",
  "/* one\n * two\n */ ‸fail()",
  "const é = '💥'; ‸fail(é)",
];

it.each(cells)("%j fails where the person wrote it", async (cell) => {
  using session = startReplSession();
  await session.run("function fail(...values: unknown[]): never { throw new Error('here') }");
  const before = cell.slice(0, cell.indexOf("‸")).split("\n");
  const { error } = await session.run(cell.replace("‸", ""));
  const frame = /at (?:.* \()?(In\[2\]):(\d+):(\d+)/.exec((error as Error).stack ?? "");
  const entry = sourceMapOf(session.lastRewritten?.javascript ?? "").findEntry(
    Number(frame?.[2]) - 1,
    Number(frame?.[3]) - 1,
  );
  expect(entry).toMatchObject({
    originalSource: "In[2]",
    originalLine: before.length - 1,
    originalColumn: before.at(-1)?.length,
  });
});

function sourceMapOf(javascript: string): SourceMap {
  const [, data = ""] =
    /sourceMappingURL=data:application\/json;base64,(\S+)\n\/\/# sourceURL=In\[\d+\]$/.exec(javascript) ?? [];
  return new SourceMap(JSON.parse(Buffer.from(data, "base64").toString()) as SourceMapPayload);
}

it("a formatted map reads as what it was", () => {
  const places = fc.record({ line: fc.nat(40), column: fc.nat(2000) });
  const mapping = fc.record({ line: fc.nat(9), column: fc.nat(99), source: places });
  const ordered = fc.uniqueArray(mapping, { selector: ({ line, column }) => line * 100 + column }).map(sorted);
  const text = `${" ".repeat(100)}\n`.repeat(10);
  fc.assert(
    fc.property(ordered, (mappings) => {
      const [, data = ""] = formatSourceMap(mappings, "In[1]").split("base64,");
      const locate = readMappings(Buffer.from(data, "base64").toString(), text);
      expect(mappings.map(({ line, column }) => locate(line * 101 + column))).toEqual(
        mappings.map(({ source }) => source),
      );
    }),
  );
});

function sorted(mappings: Mapping[]): Mapping[] {
  return mappings.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
