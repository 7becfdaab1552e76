import { expect, test } from "vitest";
import { runColumns, runRowOf } from "../../sdk/frame/runRow.ts";
import { bandwidthRun, decodeRun, prefillRun } from "./exampleRuns.ts";

test("a decode run has its speed, the bytes it read and its share of the ceiling", () => {
  const row = runRowOf(decodeRun());
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
  const row = runRowOf(prefillRun());
  expect(row).toMatchObject({ tokensPerSecond: 400, ttftSeconds: 0.25 });
  expect([row.bytesPerSecond, row.ceilingTokensPerSecond, row.rooflineRatio]).toEqual([null, null, null]);
});

test("a bandwidth run has the estimate of its samples and no model", () => {
  const row = runRowOf(bandwidthRun());
  expect(row).toMatchObject({ bytesPerSecond: 8000, tokensPerSecond: null, model: null, quant: null, synthetic: null });
});

test("what was not read is null, and no warnings are an empty text", () => {
  const row = runRowOf(decodeRun());
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
    localPagesRatio: 1,
    reason: null,
  } as const;
  expect(runRowOf(decodeRun({ warnings, binding: { ...binding, strayThreads: [] } }))).toMatchObject({
    warnings: "steal governor",
    binding: "bound",
  });
});

test("every row has the columns of the frame, in their order", () => {
  for (const run of [decodeRun(), prefillRun(), bandwidthRun()]) expect(Object.keys(runRowOf(run))).toEqual(runColumns);
  expect(runColumns).toHaveLength(20);
});
