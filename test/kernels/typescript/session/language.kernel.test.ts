import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { afterAll, expect, it } from "vitest";
import type { startLanguage as StartLanguage } from "../../../../kernels/typescript/session/language.ts";
import { makeNotebookFolder } from "./language/notebookFolder.ts";

const built = join(import.meta.dirname, "../../../../dist/kernels/typescript/session/language.js");
const { startLanguage } = (await import(built)) as { startLanguage: typeof StartLanguage };
const folder = makeNotebookFolder();
const lost: string[] = [];
const language = startLanguage({ workingFolder: folder.path, onLost: (reason) => void lost.push(reason) });

afterAll(async () => {
  await language.close();
  folder[Symbol.dispose]();
});

it("the first completion waits for the service to warm up", async () => {
  expect(await language.complete("conso", 5)).toMatchObject({ matches: ["console"] });
});

it("a check shows what is wrong", async () => {
  expect(await language.check("const x: number = 'a'")).toEqual([expect.stringContaining("1:7 - TS2322")]);
});

it("later cells know earlier ones, also before those are checked", async () => {
  const checks = [];
  for (const code of ["const a = 1", "const b = a + 1", "let a = b.toFixed()"]) {
    checks.push(language.check(code));
    language.commit(code);
  }
  expect(await language.complete("a.toUpp", 7)).toMatchObject({ matches: ["toUpperCase"] });
  expect(await Promise.all(checks)).toEqual([[], [], []]);
  expect(await language.inspect("a", 1, 0)).toMatchObject({ "text/plain": "let a: string" });
  expect(await language.inspect("a", 1, 1)).toMatchObject({ "text/plain": "let a: string\n\nlet a = b.toFixed()" });
});

it("a completion does not wait for the end of a long check, which is then done all the same", async () => {
  const line = (at: number) =>
    `const v${at} = [${at}].map((a) => ({ a, b: String(a) })).filter((q) => q.b.length > ${at}); function f${at}() { return v${at}; }`;
  let isChecked = false;
  const check = language
    .check(Array.from({ length: 2000 }, (_, at) => line(at)).join("\n"))
    .finally(() => (isChecked = true));
  const first = await language.complete("console.lo", 10);
  expect(first).toMatchObject({ matches: ["log"] });
  expect(isChecked).toBe(false);
  expect(await check).toEqual([]);
});

it("the last of 400 cells is not dearer than the first", async () => {
  language.forget();
  const seconds: number[] = [];
  for (let at = 0; at < 400; at++) {
    const use = at > 0 ? `f${at - 1}({ a: a${at - 1}[0] ?? 0 })` : "";
    const code = `const a${at} = [${at}].map((x) => x * 2); interface I${at} { a: number } function f${at}(p: I${at}) { return p.a }\n${use}`;
    const startedAt = performance.now();
    expect(await language.check(code)).toEqual([]);
    language.commit(code);
    seconds.push((performance.now() - startedAt) / 1000);
  }
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  expect(median(seconds.slice(-100)) / median(seconds.slice(0, 100))).toBeLessThan(1.3);
});

it("a closed service knows nothing and complains of nothing", async () => {
  await language.close();
  expect(await language.check("x")).toEqual([]);
  expect(await language.complete("x", 1)).toBe(null);
  language.commit("const x = 1");
  language.forget();
  expect(lost).toEqual([]);
});
