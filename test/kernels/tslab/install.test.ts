import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

test("the kernelspec of tslab starts this Node and this checkout's tslab by absolute paths", () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "numalab-jupyter-"));
  const script = join(root, "kernels/tslab/install.ts");
  execFileSync(process.execPath, [join(root, "node_modules/tsx/dist/cli.mjs"), script, dataFolder]);
  const text = readFileSync(join(dataFolder, "kernels/tslab/kernel.json"), "utf8");
  rmSync(dataFolder, { recursive: true });

  const { argv, language } = JSON.parse(text) as { argv: string[]; language: string };
  expect(language).toBe("typescript");
  expect(argv[0]).toBe(process.execPath);
  expect(argv[1]).toBe(join(root, "node_modules/tslab/bin/tslab"));
  expect(existsSync(argv[1]!)).toBe(true);
  expect(argv.slice(2)).toEqual(["kernel", "--config-path", "{connection_file}"]);
});
