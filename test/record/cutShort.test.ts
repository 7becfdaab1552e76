import { expect, test } from "vitest";
import { cutShortOf, cutShortWarnings } from "../../sdk/record/cutShort.ts";
import { toSweepRows } from "../../sdk/record/sweepRow.ts";
import { throughputOf } from "../../sdk/record/throughput.ts";
import { decodeRun, prefillRun } from "../frame/exampleRuns.ts";

/** A decode of 10 tokens a second that came so far. */
const decodeOf = (gotTokensCount: number, wantedTokensCount: number) =>
  decodeRun({
    spec: { ...decodeRun().spec, generatedTokensCount: wantedTokensCount },
    samples: { tokenSeconds: Array.from({ length: gotTokensCount }, (_, at) => (at + 1) / 10), bytesPerSecond: null },
  });

test.each([
  { got: 28, wanted: 28, isExcluded: null, rate: 10 },
  { got: 3, wanted: 3, isExcluded: null, rate: 10 },
  { got: 14, wanted: 28, isExcluded: false, rate: 10 },
  { got: 13, wanted: 28, isExcluded: true, rate: null },
  { got: 7, wanted: 10, isExcluded: true, rate: null },
  { got: 0, wanted: 28, isExcluded: true, rate: null },
])("a decode of $got of $wanted tokens", ({ got, wanted, isExcluded, rate }) => {
  const run = decodeOf(got, wanted);
  expect(cutShortOf(run)?.isExcluded ?? null).toBe(isExcluded);
  expect(throughputOf(run)).toBe(rate);
});

test("a run that was cut short says how many of its tokens it has", () => {
  expect(cutShortWarnings(decodeOf(28, 28))).toEqual([]);
  expect(cutShortWarnings(prefillRun())).toEqual([]);
  expect(cutShortWarnings(decodeOf(20, 28))).toMatchObject([
    { code: "cut-short", message: "The run was cut short by its time limit with 20 of 28 tokens." },
  ]);
  expect(cutShortWarnings(decodeOf(3, 28))[0]?.message).toContain("3 of 28 tokens; too few for a speed");
});

test("excluded runs enter no estimate, are not counted as repetitions, and are told", () => {
  const whole = [28, 28, 28].map((count) => decodeOf(count, 28));
  const [row] = toSweepRows([...whole, decodeOf(3, 28)]);
  expect(row).toMatchObject({ repetitionsCount: 3, warnings: "1 of 4 decode runs excluded: cut short." });
  expect(row!.decodeTokensPerSecond).toBeCloseTo(10, 9);
  expect(toSweepRows([decodeOf(3, 28)])[0]).toMatchObject({ decodeTokensPerSecond: null, repetitionsCount: 0 });
});
