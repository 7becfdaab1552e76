import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { json, text } from "node:stream/consumers";
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
    stdout: expect.stringMatching(/^# .+\nOMP_NUM_THREADS=\d+ .*prog 'a b' # instance 0.*\n$/) as string,
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
  expect(run("--cpus", "some", "--", "prog").status).toBe(2);
  expect(run("--memory-per-instance", "much", "--", "prog").status).toBe(2);
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

test("an instance that does not heed SIGTERM is killed after the time of grace, and its binding is told", async () => {
  const stubborn = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";
  const flags = ["--json", "--grace", "0.2", "--ready-line", "up"];
  const started = spawn(process.execPath, [...command, ...flags, ...script(stubborn)]);
  const notes: string[] = [];
  for await (const line of createInterface({ input: started.stderr })) {
    notes.push(line);
    if (line.startsWith("[0] bound: ")) started.kill("SIGINT");
  }
  expect(notes).toContainEqual(expect.stringMatching(/^\[0\] before its end bound: \d+ threads on CPU/));
  expect(await json(started.stdout)).toMatchObject({
    instances: [
      {
        signal: "SIGKILL",
        ignoredSeconds: 0.2,
        binding: { state: "bound" },
        bindingReason: null,
        bindingAtEnd: { state: "bound" },
        bindingAtEndReason: null,
      },
    ],
  });
});

test("a second Ctrl-C kills at once", async () => {
  const stubborn = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";
  const started = spawn(process.execPath, [...command, "--grace", "1000", ...script(stubborn)]);
  await once(started.stdout, "data");
  const impatience = setInterval(() => started.kill("SIGINT"), 100);
  expect((await once(started, "exit"))[0]).toBe(130);
  clearInterval(impatience);
});

test("one that fails is started again, in the same log, and each restart is told", () => {
  const { status, stderr } = run(
    ...["--restart", "on-failure", "--max-restarts", "1", "--log-dir", "again"],
    ...script("console.log('once more'); process.exit(3)"),
  );
  expect(status).toBe(1);
  expect(stderr).toContain("[0] exit code 3; restart 1 in 1 s\n");
  const log = readdirSync(join(folder, "again")).find((name) => name.includes("_instance_0_"));
  expect(readFileSync(join(folder, "again", log!), "utf8")).toBe("once more\nonce more\n");
});

test("a launch that never becomes ready, or whose program is not there, fails with its code", () => {
  const late = run("--ready-line", "up", "--ready-timeout", "0.2", ...script("setInterval(() => {}, 1000)"));
  expect(late).toMatchObject({ status: 1, stderr: expect.stringContaining("LaunchError [never-ready]") as string });
  const missing = run("--", "/nowhere/program");
  expect(missing.status).toBe(1);
  expect(missing.stderr).toContain("LaunchError [no-such-program]: /nowhere/program is no file that can be run.");
  expect(run("--log-dir", "/dev/null/logs", "--", "true")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("LaunchError [unwritable-folder]") as string,
  });
});

test("what instances use is shown beside what they say", () => {
  const { status, stdout } = run("--watch", ...script("console.log('out')"));
  expect({ status, stdout }).toEqual({ status: 0, stdout: "[0] out\n" });
});

test("two launches of one second have logs of their own", async () => {
  const start = () => {
    const words = [...command, "--log-dir", "twice", ...script("console.log('once')")];
    return once(spawn(process.execPath, words, { cwd: folder }), "exit");
  };
  await Promise.all([start(), start(), start()]);
  const logs = readdirSync(join(folder, "twice")).filter((name) => name.includes("_instance_0_"));
  expect(logs.map((name) => readFileSync(join(folder, "twice", name), "utf8"))).toEqual(["once\n", "once\n", "once\n"]);
});

test("a launch whose output nobody reads any more, or whose terminal closes, is stopped as by Ctrl-C", async () => {
  const program = script("process.on('SIGTERM', () => process.exit(4)); setInterval(() => console.log('up'), 10)");
  const unread = spawn(process.execPath, [...command, ...program]);
  const left = spawn(process.execPath, [...command, ...program]);
  unread.stdout.once("data", () => unread.stdout.destroy());
  left.stdout.once("data", () => left.kill("SIGHUP"));
  const endOf = async (started: typeof unread) => {
    const [notes] = await Promise.all([text(started.stderr), once(started, "exit")]);
    expect(started.exitCode).toBe(130);
    expect(notes).toContain("[0] exit code 4\n");
    expect(notes).not.toContain("EPIPE");
  };
  await Promise.all([unread, left].map(endOf));
});
