import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeNotebook } from "../../../tools/executeNotebook.ts";
import { root } from "../conformance/builtKernel.ts";

const scratch = mkdtempSync(join(tmpdir(), "numalab-run-"));
const path = join(scratch, "notebook.ipynb");
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function numalab(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist/sdk/cli/main.js"), ...words], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("numalab run writes the outputs and tells what it did", () => {
  writeNotebook(path, ["const six: number = 6;", "six * 7"]);
  const { status, stdout } = numalab("run", path, "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ path, outputPath: path, cellsCount: 2, executedCount: 2, failures: [] });
  expect(readFileSync(path, "utf8")).toContain('"42"');
});

test("numalab run names the cell that failed, and ends with 1", () => {
  writeNotebook(path, ["1", "throw new Error('no answer')", "3"]);
  const outputPath = join(scratch, "executed.ipynb");
  const { status, stdout, stderr } = numalab("run", path, "--output", outputPath);
  expect(status).toBe(1);
  expect(stderr).toContain(`Cell 2 of ${path} failed.\nError: no answer`);
  expect(stdout).toMatch(/executed\.ipynb: 2 cells run in [\d.]+ s\n$/);
});

test("numalab run says what is wrong with a notebook that it cannot run", () => {
  const { status, stderr } = numalab("run", join(scratch, "absent.ipynb"));
  expect(status).toBe(1);
  expect(stderr).toContain("NotebookError [notebook-unreadable]");
  expect(numalab("run").status).toBe(2);
  expect(numalab("run", path, "--timeout", "soon").status).toBe(2);
});
