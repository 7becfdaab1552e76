import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildMix, measureDivergence, measureMix, planMix, startModel } from "numalab/compression";
import { synthesizeModel } from "numalab/model";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "numalab-mix-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const shape = {
  architecture: "llama",
  layersCount: 1,
  hiddenSize: 256,
  feedForwardSize: 512,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 1000,
} as const;

test("a mix has the planned formats and fits its budget; measurements are kept", async () => {
  const { path } = await synthesizeModel({ shape, quant: "F16", randomSeed: 1, path: join(folder, "m-f16.gguf") });
  const steps: string[] = [];
  const spec = {
    path,
    text: Array.from({ length: 32 }, (_, at) => 300 + at),
    chunkTokensCount: 32,
    measurementsPath: join(folder, "measurements.jsonl"),
    types: ["Q4_K", "Q8_0"],
  };
  const interrupt = new AbortController();
  const stopAtGroups = (what: string) => {
    if (what === "blk.0.attn") interrupt.abort();
  };
  await expect(measureMix({ ...spec, signal: interrupt.signal, onProgress: stopAtGroups })).rejects.toThrow();
  const kept = readFileSync(spec.measurementsPath, "utf8");
  expect(kept).toContain("Q4_K");
  const measurement = await measureMix({ ...spec, onProgress: (what) => steps.push(what) });
  expect(readFileSync(spec.measurementsPath, "utf8").startsWith(kept)).toBe(true);
  expect(measurement.groups.map(({ name }) => name).toSorted()).toEqual([
    "blk.0.attn",
    "blk.0.ffn",
    "output",
    "token_embd",
  ]);
  expect(Math.min(...measurement.rows.map(({ predictedDivergence }) => predictedDivergence))).toBeGreaterThanOrEqual(0);

  const plan = planMix(measurement, { fileBytes: 900_000 });
  const outputPath = join(folder, "mix.gguf");
  const { tensors, fileBytes } = await buildMix(plan, { outputPath });
  const types = new Map(tensors.map(({ name, type }) => [name, type]));
  for (const [at, { tensorNames }] of measurement.groups.entries()) {
    expect(tensorNames.map((name) => types.get(name))).toEqual(tensorNames.map(() => plan.rows[at]!.type));
  }
  expect(fileBytes).toBe(plan.fileBytes);
  expect(fileBytes).toBeLessThanOrEqual(900_000);
  expect(new Set(plan.rows.map(({ type }) => type)).size).toBeGreaterThan(1);
  await using reference = await startModel(path);
  expect((await measureDivergence(outputPath, reference, spec)).meanDivergence).toBeGreaterThan(0);
}, 180_000);
