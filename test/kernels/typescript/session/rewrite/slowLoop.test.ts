import { expect, it } from "vitest";
import { createRewriter } from "../../../../../kernels/typescript/session/rewrite.ts";

const rewriteOf = (code: string) => ({ cellId: 1, executionCount: 1, code });

const slow: readonly (readonly [code: string, name: string])[] = [
  ["let s = 0; for (let i = 0; i < 1e8; i++) s += i", "s"],
  ["let s = 0\nfor (let i = 0; i < 100_000_000; ++i) { s = s + i }", "s"],
  ["let i = 0; while (i < 2e6) i++", "i"],
  ["let i = 0; do { --i } while (i > -5e6)", "i"],
  ["const n = 1e7; let s = 0; for (let i = 0; i < n; i++) { if (i) { s = i } }", "s"],
  ["let s = 0; for (let i = 0; i < 5000; i++) for (let j = 0; j < 5000; j++) s += j", "s"],
  ["let s = 0; { for (let i = 0; i < 1e7; i++) s ||= 1 }", "s"],
];

it.each(slow)("%j gets a hint about %s", (code, name) => {
  expect(createRewriter().rewrite(rewriteOf(code)).hint).toContain(`\`${name}\``);
});

const quick = [
  "let s = 0; for (let i = 0; i < 1000; i++) s += i",
  "{ let s = 0; for (let i = 0; i < 1e8; i++) s += i }",
  "function f() { let s = 0; for (let i = 0; i < 1e8; i++) s += i; return s }",
  "let s = 0; for (let i = 0; i < 1e8; i++) console.log(s)",
  "let s = 0; (() => { for (let i = 0; i < 1e8; i++) { let s = 1; s++ } })()",
  "let s = 0; for (const x of [1e8]) s += x",
  "let s = 1e8; s++",
];

it.each(quick)("%j gets none", (code) => {
  expect(createRewriter().rewrite(rewriteOf(code)).hint).toBe(null);
});

it("the hint is given once a session", () => {
  const rewriter = createRewriter();
  const loop = rewriteOf("let s = 0; for (let i = 0; i < 1e8; i++) s += i");
  expect(rewriter.rewrite(loop).hint).not.toBe(null);
  expect(rewriter.rewrite(loop).hint).toBe(null);
});

it("a variable of an earlier cell is one of the notebook", () => {
  const rewriter = createRewriter();
  const loop = rewriteOf("for (let i = 0; i < 1e8; i++) total += i");
  expect(rewriter.rewrite(loop).hint).toBe(null);
  rewriter.commit(rewriter.rewrite(rewriteOf("let total = 0")));
  expect(rewriter.rewrite(loop).hint).toContain("`total`");
});

it("names are forgotten with the executor", () => {
  const rewriter = createRewriter();
  rewriter.commit(rewriter.rewrite(rewriteOf("let total = 0")));
  rewriter.forget();
  expect(rewriter.rewrite(rewriteOf("for (let i = 0; i < 1e8; i++) total += i")).hint).toBe(null);
});
