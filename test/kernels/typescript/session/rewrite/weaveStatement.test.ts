import { describe, expect, it } from "vitest";
import { startReplSession } from "./replSession.ts";

/** What leaves its place or vanishes. */
const movedStatements = [
  "function moved() { return 1 }",
  "export function moved() { return 1 }",
  "export default function moved() { return 1 }",
  "function moved(a: string): void\nfunction moved(a?: any) { return 1 }",
  "class A {}",
  "interface A { a: 1 }",
  "type A = typeof log",
  "type A<T> = T extends infer U ? U : never",
  "declare const a: number",
  "declare function a(): void",
  "declare global {}",
  "export {}",
  "export { log }",
  "export * from 'counter'",
  "import type { X } from 'broken'",
  "import { first } from 'counter'",
  "enum E { A }",
  "namespace N { export type X = 1 }",
  "import path = require('node:path')",
  "abstract class A { x = 1\n abstract y(): void\n ['z']() {} }",
  "let cast = 1 as number",
  "let x: number",
];

/** What would go on with the line before it. */
const openLines = [
  "(() => log.push('called'))()",
  "[1].forEach((one) => log.push(one))",
  "`${log.push('template')}`.length",
  "+log.push('plus')",
  "-log.push('minus')",
  "/a/.test(String(log.push('expression')))",
];

it("imports are done in their order, whatever stands between them", async () => {
  using session = startReplSession();
  await session.run(
    "import 'a'\nimport b from 'b'\n0;\nimport c from 'c'\nfunction f() {}\nimport type { X } from 'x'\nimport 'd'",
  );
  expect(session.imported.flat()).toEqual(["a", "b", "c", "d"]);
});

describe("lines without semicolons stay apart", () => {
  it.each(movedStatements)("around %j", async (moved) => {
    const logOf = async (cell: string) => {
      using session = startReplSession();
      const prelude = "const log = []; const moved = () => { log.push('wrongly called'); return 1 }";
      await session.run(prelude);
      expect(await session.run(cell)).toMatchObject({ error: undefined });
      return [...((await session.run("[...log, typeof before]")).value as unknown[])];
    };
    const openHere = openLines.filter((line) => !moved.endsWith("as number") || !/^[-+/]/.test(line));
    for (const line of openHere)
      expect(await logOf(`let before = moved\n${moved}\n${line}\n0`), line).toEqual(
        await logOf(`let before = moved;\n${moved}\n;${line};\n0`),
      );
  });
});
