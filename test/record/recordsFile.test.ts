import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendRun, readRuns, recordsFile } from "../../sdk/record/index.ts";
import type { Run } from "../../sdk/record/run.ts";
import { sampleRun } from "./sampleRun.ts";

let folder = "";
let filesCount = 0;
const freshFile = () => join(folder, `${++filesCount}.jsonl`);
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "record-"))));
afterAll(() => rm(folder, { recursive: true }));

const positive = fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true });
const count = fc.nat();
const anyRun: fc.Arbitrary<Run> = fc
  .record({
    kind: fc.constantFrom("decode" as const, "prefill" as const, "bandwidth" as const),
    startedAt: fc
      .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString()),
    study: fc.string({ unit: "grapheme" }),
    repetitionIndex: count,
    binding: fc.option(
      fc
        .dictionary(count.map(String), count, { noNullPrototype: true })
        .map((anonymousPagesByNode) => ({ ...sampleRun.binding!, anonymousPagesByNode })),
    ),
    model: fc.option(
      fc.record({ name: fc.string(), bytesPerToken: positive }).map((model) => ({ ...sampleRun.model!, ...model })),
    ),
    samples: fc.record({ tokenSeconds: fc.option(fc.array(positive)), bytesPerSecond: fc.option(fc.array(positive)) }),
    warnings: fc.array(fc.record({ code: fc.string(), message: fc.string(), advice: fc.string() })),
  })
  .map((parts) => ({ ...sampleRun, ...parts }));

test("a records file lies below its study and belongs to one writer", () => {
  expect(recordsFile("/runs", "2026 threads/nodes", "worker:1")).toBe("/runs/2026-threads-nodes/worker-1.jsonl");
  expect(recordsFile("/runs", "a")).toMatch(new RegExp(`^/runs/a/.+-${process.pid}\\.jsonl$`));
});

test("what is appended is what is read, for any run", async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const file = freshFile();
      await appendRun(file, run);
      expect(await readRuns(file)).toEqual({ runs: [run], warnings: [] });
    }),
    { numRuns: 50 },
  );
});

test("a run is one line, and folders are made on the way", async () => {
  const file = join(folder, "a/b/c.jsonl");
  await appendRun(file, sampleRun);
  await appendRun(file, { ...sampleRun, id: "2" });
  const lines = (await readFile(file, "utf8")).split("\n");
  expect(lines.map((line) => line.slice(0, 18))).toEqual(['{"schema":"run/1",', '{"schema":"run/1",', ""]);
});

test("an invalid run is refused before anything is written", async () => {
  const file = freshFile();
  const invalid = { ...sampleRun, randomSeed: -1 };
  await expect(appendRun(file, invalid)).rejects.toThrowErrorMatchingInlineSnapshot(
    `[RecordError: The run is not as schema run/1 needs it: randomSeed: Too small: expected number to be >=0. Nothing was written: mend the run, then append it.]`,
  );
  await expect(readRuns(file)).rejects.toMatchObject({ code: "no-such-records" });
});

test("a torn last line is closed before the next run is appended", async () => {
  const file = freshFile();
  await appendRun(file, sampleRun);
  await appendFile(file, '{"schema":"run/1","id":"torn","ki');
  await appendRun(file, { ...sampleRun, id: "after" });
  const { runs, warnings } = await readRuns(file);
  expect(runs.map(({ id }) => id)).toEqual([sampleRun.id, "after"]);
  expect(warnings.map(({ code }) => code)).toEqual(["invalid-line"]);
});

test("a place that cannot be written to is an error with the reason", async () => {
  const file = freshFile();
  await writeFile(file, "");
  await expect(appendRun(join(file, "below.jsonl"), sampleRun)).rejects.toMatchObject({
    name: "RecordError",
    code: "not-writable",
  });
  await expect(appendRun(folder, sampleRun)).rejects.toMatchObject({ name: "RecordError", code: "not-writable" });
});
