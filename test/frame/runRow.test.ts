import { expect, test } from "vitest";
import { runColumns, runRowsOf } from "../../sdk/frame/runRow.ts";
import type { Run } from "../../sdk/record/index.ts";
import { bandwidthRun, decodeRun, prefillRun } from "./exampleRuns.ts";

const rowOf = (run: Run) => runRowsOf([run])[0]!;

test("a decode run has its speed, the bytes it read and its share of the ceiling", () => {
  const row = rowOf(decodeRun());
  expect(row).toMatchObject({
    kind: "decode",
    tokensPerSecond: 8,
    bytesPerSecond: 4000,
    ceilingTokensPerSecond: 16,
    rooflineRatio: 0.5,
  });
  expect(row.ttftSeconds).toBeNull();
});

test("a prefill run has its speed and the time to its first token, and no ceiling", () => {
  const row = rowOf(prefillRun());
  expect(row).toMatchObject({ tokensPerSecond: 400, ttftSeconds: 0.25 });
  expect([row.bytesPerSecond, row.ceilingTokensPerSecond, row.rooflineRatio]).toEqual([null, null, null]);
});

test("a bandwidth run has the estimate of its samples and no model", () => {
  const row = rowOf(bandwidthRun());
  expect(row.bytesPerSecond).toBeCloseTo(Math.cbrt(7000 * 8000 * 9000), 6);
  expect(row).toMatchObject({ tokensPerSecond: null, model: null, quant: null, synthetic: null });
});

test("what was not read is null, and no warnings are an empty text", () => {
  const row = rowOf(decodeRun());
  expect([row.binding, row.stealRatio, row.foreignCpuRatio, row.warnings]).toEqual([null, null, null, ""]);
});

test("a row names the codes of its warnings and the state of its binding", () => {
  const warnings = ["steal", "governor"].map((code) => ({ code, message: "m", advice: "a" }));
  const binding = {
    state: "bound",
    plannedCpus: "0-1",
    plannedMemoryNodes: "0",
    threadsCount: 2,
    strayThreads: [],
    anonymousPagesByNode: {},
    threadMigrationsCount: null,
    pageMigrationsCount: null,
    localPagesRatio: 1,
    reason: null,
  } as const;
  expect(rowOf(decodeRun({ warnings, binding: { ...binding, strayThreads: [] } }))).toMatchObject({
    warnings: "steal governor",
    binding: "bound",
  });
});

test("every row has the columns of the frame, in their order", () => {
  for (const run of [decodeRun(), prefillRun(), bandwidthRun()]) expect(Object.keys(rowOf(run))).toEqual(runColumns);
  expect(runColumns).toHaveLength(20);
});

test("the ceiling of a run is that of its study, not what was known when it ran", () => {
  const rows = runRowsOf([bandwidthRun(), decodeRun(), bandwidthRun()]);
  const ceiling = rows[1]!.ceilingTokensPerSecond!;
  expect(ceiling * 500).toBeCloseTo(rows[0]!.bytesPerSecond!, 9);
  expect(rows[1]!.rooflineRatio).toBeCloseTo(8 / ceiling, 12);
});
