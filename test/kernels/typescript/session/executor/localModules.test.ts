import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import {
  currentUrl,
  isLocal,
  noteImport,
  noticeChanges,
  originalUrl,
} from "../../../../../kernels/typescript/session/executor/localModules.ts";

const scratch = mkdtempSync(join(tmpdir(), "numalab-modules-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function urlOf(name: string, text?: string): string {
  const path = join(scratch, name);
  if (text !== undefined) writeFileSync(path, text);
  return pathToFileURL(path).href;
}

test("a file of an installed package is not the person's own", () => {
  expect(isLocal("file:///project/lib.ts")).toBe(true);
  expect(isLocal("file:///project/node_modules/a/lib.js")).toBe(false);
  expect(isLocal("node:fs")).toBe(false);
});

test("a file that changed has a new URL, and so has what imports it", () => {
  const [cell, main, dep, other] = [
    urlOf("cell.ts"),
    urlOf("main.ts", "1"),
    urlOf("dep.ts", "1"),
    urlOf("other.ts", "1"),
  ];
  noteImport(cell, main);
  noteImport(main, dep);
  noteImport(dep, main); // a cycle
  noteImport(cell, other);
  noticeChanges();
  expect([main, dep, other].map(currentUrl)).toEqual([main, dep, other]);
  writeFileSync(join(scratch, "dep.ts"), "changed");
  noticeChanges();
  noticeChanges();
  expect([main, dep, other].map(currentUrl)).toEqual([`${main}?numalab=1`, `${dep}?numalab=1`, other]);
  expect(originalUrl(currentUrl(main))).toBe(main);
});

test("a file that appears renews what could not import it", () => {
  const [main, missing] = [urlOf("hopeful.ts", "1"), urlOf("missing.ts")];
  noteImport(urlOf("cell.ts"), main);
  noteImport(main, missing);
  noticeChanges();
  expect(currentUrl(main)).toBe(main);
  writeFileSync(join(scratch, "missing.ts"), "1");
  noticeChanges();
  expect(currentUrl(`${main}?x=1`)).toBe(`${main}?x=1`);
  expect(currentUrl(main)).toBe(`${main}?numalab=1`);
});
