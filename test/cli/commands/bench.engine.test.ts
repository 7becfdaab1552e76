import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngineLibraries } from "numalab/inference";
import { type Model, synthesizeModel } from "numalab/model";
import { beforeAll, describe, expect, test } from "vitest";

const main = join(import.meta.dirname, "../../../dist/sdk/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "numalab-bench-"));
const data = join(folder, "data");
const lengths = ["-p", "16", "-n", "4", "-pg", "8,2", "-d", "0,4", "-t", "1", "-r", "3"];
let model: Model;

const run = (path: string, ...flags: string[]) =>
  spawnSync(process.execPath, [main, "bench", "-m", path, ...lengths, ...flags, "--data", data], { encoding: "utf8" });

beforeAll(async () => {
  const shape = { architecture: "llama", layersCount: 2, hiddenSize: 256, feedForwardSize: 512 } as const;
  const heads = { headsCount: 4, kvHeadsCount: 2, vocabularyCount: 2000 } as const;
  const path = join(folder, "tiny.gguf");
  model = await synthesizeModel({ shape: { ...shape, ...heads }, quant: "F16", randomSeed: 1, path });
});

const exists = (program: string) => spawnSync(program, ["--version"]).status === 0;
const missingPrograms = ["git", "g++"].filter((program) => !exists(program));

describe.skipIf(missingPrograms.length > 0)(
  `beside llama-bench (needs ${missingPrograms.join(", ") || "nothing"})`,
  () => {
    const theirs = (program: string, format: string): string =>
      execFileSync(program, ["-m", model.path, ...lengths, "-mmp", "0", "-o", format], {
        cwd: findEngineLibraries().folder,
        stdio: ["ignore", "pipe", "ignore"],
        encoding: "utf8",
      });
    let program = "";
    beforeAll(() => {
      const tool = join(import.meta.dirname, "../../tools/llamaTool.mjs");
      program = execFileSync(process.execPath, [tool, "llama-bench"], { encoding: "utf8" }).trim();
    }, 300_000);

    test("every test has llama-bench's fields in its order with its values, but for the times", () => {
      type Rows = Record<string, unknown>[];
      const { stdout, stderr } = run(model.path, "-o", "json", "-oe", "csv");
      const [ours, wanted] = [stdout, theirs(program, "json")].map((text) => JSON.parse(text) as Rows) as [Rows, Rows];
      expect(ours.map((row) => Object.keys(row))).toEqual(wanted.map((row) => [...Object.keys(row), "numalab"]));
      const measured = ["test_time", "avg_ns", "stddev_ns", "avg_ts", "stddev_ts", "samples_ns", "samples_ts"];
      const known = (row: Record<string, unknown>) =>
        Object.fromEntries(
          Object.entries(row).filter(([name]) => ![...measured, "numalab", "lazy_mode"].includes(name)),
        );
      expect(ours.map(known)).toEqual(wanted.map(known));
      for (const [index, row] of ours.entries()) {
        for (const name of measured) expect(typeof row[name]).toBe(typeof wanted[index]![name]);
      }
      expect(stderr.split("\n")[0]).toBe(theirs(program, "csv").split("\n")[0]);
    }, 120_000);

    test("a table and SQL have llama-bench's shape", () => {
      const { stdout, stderr } = run(model.path, "-mmp", "0", "-o", "md", "-oe", "sql");
      const [ours, wanted] = [stdout, theirs(program, "md")].map((text) => text.split("\n"));
      const withoutSpeed = (line: string) => line.split("|").slice(0, -2);
      expect(ours!.slice(0, 2)).toEqual(wanted!.slice(0, 2));
      expect(ours!.slice(2, 8).map(withoutSpeed)).toEqual(wanted!.slice(2, 8).map(withoutSpeed));
      expect(ours![9]).toBe(wanted![9]);
      const untilValues = (text: string) => text.slice(0, text.indexOf("VALUES"));
      expect(untilValues(stderr)).toBe(untilValues(theirs(program, "sql")));
    }, 120_000);
  },
);

test("a model that computes no text is on record, flagged, and has no speed", async () => {
  const path = join(folder, "broken.gguf");
  copyFileSync(model.path, path);
  const { offsetBytes, bytes } = model.tensors.find(({ name }) => name === "output_norm.weight")!;
  {
    await using file = await open(path, "r+");
    await file.write(new Float32Array(bytes / 4).fill(NaN), 0, bytes, offsetBytes);
  }
  const { stdout, stderr, status } = run(path, "-o", "jsonl");
  expect(stdout).toBe("");
  expect(stderr).toContain("has no speed: what the engine computed could not be text");
  expect(status).toBe(1);
  const study = readdirSync(join(data, "runs")).sort().at(-1)!;
  const records = readdirSync(join(data, "runs", study)).find((name) => name.endsWith(".jsonl"))!;
  const lines = readFileSync(join(data, "runs", study, records), "utf8")
    .trim()
    .split("\n");
  const timed = lines.map((line) => JSON.parse(line) as { kind: string; warnings: { code: string }[] });
  expect(
    timed
      .filter(({ kind }) => kind !== "bandwidth")
      .every(({ warnings }) => warnings.some(({ code }) => code === "output-suspect")),
  ).toBe(true);
}, 60_000);
