import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
const present = tracked.filter((file) => existsSync(join(root, file)));
const documents = present.filter((file) => file.endsWith(".md"));

/** The link targets that are files of this checkout. */
function relativeLinksOf(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
  return targets.filter((target) => !/^([a-z]+:|#)/.test(target)).map((target) => target.split("#")[0]!);
}

/** The lines inside fenced blocks, and the pieces between single backticks. */
function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```\w*\n(.*?)^```/gms)].map((match) => match[1]!);
  const inline = [...text.replaceAll(/^```.*?^```/gms, "").matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
  return [...blocks.flatMap((block) => block.split("\n")), ...inline];
}

const wordsAfter = (pattern: RegExp, lines: readonly string[]) =>
  lines.flatMap((line) => [...line.matchAll(pattern)]).map((match) => match[1]!);

describe.for(documents)("%s", (file) => {
  test("links only to files that exist", () => {
    const dead = relativeLinksOf(read(file)).filter((target) => !existsSync(join(root, dirname(file), target)));
    expect(dead).toEqual([]);
  });

  test("names only scripts of package.json", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = wordsAfter(/\bnpm run (?:-s )?([\w:-]+)/g, codeOf(read(file)));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("names only commands of the command line", () => {
    const named = wordsAfter(/\bnumalab (?:-- )?([a-z][a-z-]*)/g, codeOf(read(file)));
    const fileOf = (command: string) =>
      `${command.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())}.ts`;
    expect(named.filter((command) => !existsSync(join(root, "sdk/cli/commands", fileOf(command))))).toEqual([]);
  });
});

/** Written in two pieces, so that this file does not hold what it forbids. */
const forbidden = [
  ["/work", "/"],
  ["/home", "/"],
  ["\\bTO", "DO\\b"],
  ["\\bFIX", "ME\\b"],
  ["registry\\.npm", "js\\.org"],
  ["python", "hosted\\.org"],
  ["pypi", "\\.org"],
].map((pieces) => new RegExp(pieces.join("")));

test("no tracked file holds a path of one machine, a registry's host or a note to do later", () => {
  const found = present.flatMap((file) => {
    const text = read(file);
    return forbidden.filter((word) => word.test(text)).map((word) => `${file}: ${word.source}`);
  });
  expect(found).toEqual([]);
});

test("only continuous integration knows of the folder beside the checkout", () => {
  const folder = ["..", "shared"].join("/");
  expect(present.filter((file) => file !== ".ci/run" && read(file).includes(folder))).toEqual([]);
});
