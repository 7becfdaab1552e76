import { execFile } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { installKernels, labEnvironment } from "../../../tools/executeNotebook.ts";
import { root } from "./builtKernel.ts";

beforeAll(installKernels);

test("jupyter_kernel_test passes: its twelve tests, and the welcome", { timeout: 180_000 }, async () => {
  const python = join(root, ".lab/bin/python");
  const script = join(import.meta.dirname, "kernelTests.py");
  const report = await new Promise<string>((resolve) => {
    execFile(python, [script, "-v"], { env: labEnvironment }, (_error, _stdout, stderr) => {
      resolve(stderr);
    });
  });
  expect(report).toMatch(/^Ran 13 tests in/m);
  expect(report).toMatch(/^OK$/m);
});
