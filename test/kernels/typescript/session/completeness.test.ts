import { expect, it } from "vitest";
import { isComplete } from "../../../../kernels/typescript/session/completeness.ts";

const complete = [
  "",
  " \n",
  "// a comment",
  "/* a comment */",
  "1 + 1",
  "const x = await f()",
  "for await (const x of y) {}",
  "function f() {\n  return 1\n}",
  "`a${b}c`",
  "if (x) {}",
  "a\n  .b()",
  "enum E { A }",
  "@dec class A {}",
  "using x = f()",
  "const a: Map<string, number[]> = new Map()",
  "'a\\\nb'",
  "/[/]/",
  "x = {\n}",
  "export default 1",
  "a;;",
  '"\'"',
  "((a) => b)",
  "a < b > (c)",
];

const incomplete: readonly (readonly [code: string, indent: string])[] = [
  ["`abc", ""],
  ["`a${", ""],
  ["`a${b", ""],
  ["f(`a", ""],
  ["/* abc", ""],
  ["  /**\n   * abc", ""],
  ["5 +", ""],
  ["5 + // more", ""],
  ["5 + /* more */\n", ""],
  ["a ?", ""],
  ["a ? b", ""],
  ["x =>", "  "],
  ["a.", ""],
  ["a &&", ""],
  ["foo(", "  "],
  ["foo(1,", ""],
  ["  foo(1, [", "    "],
  ["[1,\n2", ""],
  ["const a = {b: 1", ""],
  ["x = {\n  a: {", "    "],
  ["if (x)", ""],
  ["if (x) {", "  "],
  ["if (x) { // why", "  "],
  ["if (a) b; else", ""],
  ["function f() {\n  return 1", "  "],
  ["class A {", "  "],
  ["class A {\n\tm() {", "\t  "],
  ["try {}", ""],
  ["do {}", ""],
  ["switch (x) { case 1:", ""],
  ["while (1)", ""],
  ["const x =", ""],
  ["const x: ", ""],
  ["type X = ", ""],
  ["interface A {\n  b: string", "  "],
  ["enum E {", "  "],
  ["@dec", ""],
  ["import {", "  "],
  ["import { a } from", ""],
  ["await", ""],
  ["new", ""],
  ["'a\\", ""],
  ["(", "  "],
  ["for (const a of b) {", "  "],
];

const invalid = [
  "5 )",
  "}",
  "let = = 3",
  "'abc",
  '"abc',
  "'abc\n",
  "/abc",
  "a b c",
  "if (a { b",
  "}}} {",
  "let let x {",
  "const const",
  "1 +* 2",
  "class 1 { a",
  "function (",
  "1e",
  "foo(]",
  "a = )(",
  "`a${)}",
  "for (;;;",
  "import x y",
  "\0",
  "#",
  "x = { ( }",
];

it.each(complete)("%j is complete", (code) => {
  expect(isComplete(code)).toEqual({ status: "complete" });
});

it.each(incomplete)("%j is incomplete and goes on after %j", (code, indent) => {
  expect(isComplete(code)).toEqual({ status: "incomplete", indent });
});

it.each(invalid)("%j is invalid", (code) => {
  expect(isComplete(code)).toEqual({ status: "invalid" });
});
