// One step of a tier: a program, its verdict and its output, which is shown only when it fails.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const limitMilliseconds = 20 * 60_000;

/** The exit code of a program run in the root of the checkout, and all it printed. */
function run(program, args, env) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limitMilliseconds,
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ code: null, output: `${error.message}\n` }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

async function runProgram({ program = process.execPath, command }) {
  const { code, output } = await run(program, command, {});
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [], notes: [], output };
}

/** A run that counts no test, or ends badly with no failed test (an import that throws), has failed. */
async function runProject({ project }) {
  const folder = mkdtempSync(join(tmpdir(), "numalab-counts-"));
  const file = join(folder, "counts.json");
  const vitest = "node_modules/vitest/vitest.mjs run -c test/vitest.config.ts --reporter=default";
  const args = [...vitest.split(" "), "--reporter=./test/tools/countReporter.mjs", "--project", project];
  const { code, output } = await run(process.execPath, args, { NUMALAB_TEST_COUNTS: file });
  const counts = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : { passed: 0, failed: 0, skipped: [], notes: [] };
  rmSync(folder, { recursive: true });
  const countedCount = counts.passed + counts.failed + counts.skipped.length;
  const isBroken = countedCount === 0 || (code !== 0 && counts.failed === 0);
  return { ...counts, failed: isBroken ? 1 : counts.failed, output };
}

/** Runs one step and shows its line, with all its output when it failed; its counts. */
export async function runStep(step) {
  const startedAt = performance.now();
  const { output, ...counts } = await (step.project ? runProject(step) : runProgram(step));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const figures = step.project
    ? `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped`
    : "";
  const verdict = counts.failed > 0 ? "FAILED" : "passed";
  console.log(`  ${verdict}  ${step.name.padEnd(18)} ${seconds.padStart(6)} s  ${figures}`.trimEnd());
  if (counts.failed > 0) console.log(output.replaceAll(/^/gm, "    "));
  return counts;
}
