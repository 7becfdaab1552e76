import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const main = join(import.meta.dirname, "../../dist/sdk/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "numalab-cli-"));
const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: "utf8", cwd: folder });

test("probe prints one JSON document with the machine's fields", () => {
  const { status, stdout } = run("probe", "--json");
  expect(status).toBe(0);
  const machine = JSON.parse(stdout) as Record<string, unknown>;
  const fields = [
    "packages",
    "dies",
    "cores",
    "pus",
    "smtWidth",
    "numaNodes",
    "memoryOnlyNodes",
    "cpuOnlyNodes",
    "coreList",
    "caches",
    "distances",
    "cpuset",
    "allowedCpuset",
    "allowedNodeset",
  ];
  expect(Object.keys(machine)).toEqual(expect.arrayContaining(fields));
});

test("a model is made, inspected, listed and removed", () => {
  const data = ["--data", join(folder, "data")];
  const made = run("model", "synth", "qwen2.5-0.5b", "--depth", "1", "--quant", "Q8_0", "--json", ...data);
  expect(made.stderr).toMatch(/MiB to .* free\)/);
  const { path, synthetic } = JSON.parse(made.stdout) as { path: string; synthetic: boolean };
  expect(synthetic).toBe(true);
  const inspected = run("model", "inspect", path);
  expect(inspected.stdout).toContain("SYNTHETIC");
  expect(inspected.stdout).toMatch(/read per decoded token +\d/);
  expect(run("model", "list", ...data).stdout).toContain("qwen2.5-0.5b");
  expect(run("model", "remove", path, ...data).stderr).toContain("removed");
  expect(run("model", "list", ...data).stdout).toBe("no models\n");
});

describe("wrong usage exits with 2", () => {
  test.each([
    [["frobnicate"], "unknown command"],
    [["diagnose", "--threads", "two"], "not a whole number"],
    [["model", "synth", "qwen2.5-0.5b", "--quant", "Q9"], "Allowed choices"],
    [["model", "synth"], "missing required argument"],
    [["model", "synth", "no-such-model"], "ModelError [no-such-preset]"],
    [["model", "synth", "qwen2.5-0.5b", "--depth", "99"], "ModelError [bad-spec]"],
    [["model", "synth", "qwen2.5-0.5b", "--depth", "9/8"], "not a share"],
    [["model", "synth", "qwen2.5-0.5b", "--width", "0"], "not a share"],
    [["model", "synth", "qwen2.5-0.5b", "--vocabulary", "klingon"], "ModelError [no-such-vocabulary]"],
    [["bench", "some.gguf", "-p", "0", "-n", "0"], "leave nothing to time"],
    [["diagnose", "some.gguf", "--depth", "4"], "model files were named"],
    [["diagnose", "--synthetic", "--out", "/dev/null/pages"], "ReportError [bad-place]"],
    [["diagnose", "--synthetic", "--depth", "1", "--threads", "4096"], "Error ["],
    [["report", "some.jsonl", "--out", "/dev/null/page.html"], "ReportError [bad-place]"],
  ])("%j", (args, message) => {
    const { status, stderr, stdout } = run(...args);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("a failure exits with 1, a code and what to do", () => {
  writeFileSync(join(folder, "text.gguf"), "no model at all");
  writeFileSync(join(folder, "empty.jsonl"), "");
  test.each([
    [["model", "remove", "nosuch", "--data", join(folder, "none")], "has no models"],
    [["model", "inspect", "text.gguf"], "ModelError [not-gguf]"],
    [["model", "inspect", "absent.gguf"], "ModelError [unreadable]"],
    [["probe", "--root", folder], "TopologyError [unreadable-root]"],
    [["diagnose", "text.gguf"], "ModelError [not-gguf]"],
    [["report", "absent.jsonl"], "RecordError [no-such-records]"],
    [["report", "empty.jsonl"], "StudyError [nothing-measured]"],
  ])("%j", (args, message) => {
    const { status, stderr } = run(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect(status).toBe(1);
  });
});
