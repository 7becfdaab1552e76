import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

const main = join(import.meta.dirname, "../../../dist/sdk/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "numalab-launch-"));
const command = [main, "launch", "--instances", "1"];
const run = (...words: string[]) =>
  spawnSync(process.execPath, [...command, ...words], { encoding: "utf8", cwd: folder });
const script = (text: string) => ["--", process.execPath, "-e", text];

test("a dry run prints the exact command lines and environment, as text and as JSON", () => {
  const shown = run("--dry-run", "--", "prog", "a b");
  expect(shown).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\[0\] .*OMP_NUM_THREADS=\d+ .*prog 'a b'\n$/) as string,
  });
  const { instances, warnings } = JSON.parse(run("--dry-run", "--json", "--", "prog", "a b").stdout) as {
    instances: Record<string, unknown>[];
    warnings: unknown[];
  };
  expect(instances).toHaveLength(1);
  expect(instances[0]).toMatchObject({
    instanceIndex: 0,
    command: expect.arrayContaining(["prog", "a b"]) as string[],
    environment: { OMP_NUM_THREADS: expect.stringMatching(/^\d+$/) as string },
    cpus: expect.stringMatching(/^\d/) as string,
  });
  expect(Array.isArray(warnings)).toBe(true);
});

test("what an instance says is shown with its number, and kept in a log file", () => {
  const { status, stdout, stderr } = run("--log-dir", "logs", ...script("console.log('out'); console.error('err')"));
  expect(status).toBe(0);
  expect(stdout).toBe("[0] out\n");
  expect(stderr).toContain("[0] err\n");
  expect(stderr).toContain("[0] exit code 0\n");
  const [own, all] = readdirSync(join(folder, "logs"));
  expect(all).toMatch(/^run_\d{14}_instances\.log$/);
  expect(own).toMatch(/^run_\d{14}_instance_0_cores_[\d_-]+\.log$/);
  expect(
    readFileSync(join(folder, "logs", own!), "utf8")
      .split("\n")
      .sort(),
  ).toEqual(["", "err", "out"]);
});

test("one instance that fails makes the launch fail, with how it ended", () => {
  const failed = run(...script("process.exit(7)"));
  expect(failed.status).toBe(1);
  expect(failed.stderr).toContain("[0] exit code 7");
  const json = run("--json", ...script("console.log('out'); process.kill(process.pid, 'SIGKILL')"));
  expect(json.status).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    instances: [{ instanceIndex: 0, exitCode: null, signal: "SIGKILL" }],
  });
});

test("a wrong flag, and CPUs or a count that cannot be had here, are wrong usage", () => {
  expect(run("--foo", "prog")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("LaunchError [bad-flag]: --foo") as string,
  });
  expect(run("--cpus", "100000", "--", "prog")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("LaunchError [no-such-cpu]") as string,
  });
  expect(run("--instances", "100000", "--", "prog")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("LaunchError [instances-out-of-range]") as string,
  });
});

test("Ctrl-C stops every instance", async () => {
  const started = spawn(process.execPath, [
    ...command,
    ...script("console.log(process.pid); setInterval(() => {}, 1000)"),
  ]);
  let processId = 0;
  for await (const line of createInterface({ input: started.stdout })) {
    processId = Number(line.replace("[0] ", ""));
    started.kill("SIGINT");
    break;
  }
  const status = await new Promise((resolve) => started.once("exit", resolve));
  expect(status).toBe(130);
  expect(() => process.kill(processId, 0)).toThrow("ESRCH");
});
