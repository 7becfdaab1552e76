import { expect, test } from "vitest";
import { benchNotesOf, benchTestsOf } from "../../sdk/study/benchTest.ts";
import { scriptedBandwidth, scriptedRuns, steady } from "./scriptedRuns.ts";

test("a bench has a row for each test, with the share of the most that memory gave", () => {
  const runs = scriptedRuns({ decode: { 1: steady(20), 2: steady(30) }, prefill: { 2: steady(200) } });
  const rows = benchTestsOf([...runs, scriptedBandwidth(20e9, "12:00")]);
  const shown = rows.map(({ test: name, runs: [run], rooflineRatio }) => [
    name,
    run.spec.threadsCount,
    rooflineRatio?.toFixed(2),
  ]);
  expect(shown).toEqual([
    ["tg32", 1, "0.28"],
    ["pp128", 2, undefined],
    ["tg32", 2, "0.41"],
  ]);
});

test("a share in a bench has its interval, and says of which bandwidth it is", () => {
  const runs = [
    ...scriptedRuns({ decode: { 2: steady(30) }, prefill: { 2: steady(200) } }),
    scriptedBandwidth(20e9, "12:00"),
  ];
  const [prefill, decode] = benchTestsOf(runs);
  expect(decode!.bandwidthBytesPerSecond! / 20e9).toBeCloseTo(1, 2);
  expect(decode!.rooflineLowRatio!).toBeLessThan(decode!.rooflineRatio!);
  expect(decode!.rooflineHighRatio!).toBeGreaterThan(decode!.rooflineRatio!);
  expect([prefill!.bandwidthBytesPerSecond, prefill!.rooflineLowRatio, prefill!.rooflineHighRatio]).toEqual([
    null,
    null,
    null,
  ]);
});

test("the notes of a bench name the ceiling, an unsteady memory and why there is no interval", () => {
  const few = scriptedRuns({ decode: { 2: [30, 30] } });
  const all = [...few, scriptedBandwidth(10e9, "12:00"), scriptedBandwidth(20e9, "12:09")];
  const notes = benchNotesOf(all, benchTestsOf(all));
  expect(notes).toEqual([
    expect.stringMatching(/^The ceiling is the most that any thread count read.*measured 2 times/),
    expect.stringMatching(/^warning \[memory-unsteady\]: The memory gave between/),
    "no intervals for tests with 2 repetitions; 3 are needed",
  ]);
});

test("warnings stand in the row of their runs, with how many carry them", () => {
  const warning = { code: "foreign-load", message: "6 %", advice: "Stop it." };
  const [first, ...rest] = scriptedRuns({ decode: { 1: steady(20) } });
  const [row] = benchTestsOf([{ ...first!, warnings: [warning] }, ...rest]);
  expect(row!.warnings).toBe("foreign-load (1)");
});

test("two files of one name have rows of their own", () => {
  const runs = ["a", "b"].flatMap((name) =>
    scriptedRuns({ decode: { 1: steady(20) }, model: { fileName: `${name}.gguf`, fileDigest: name } }),
  );
  expect(benchTestsOf(runs).map(({ model }) => model)).toEqual(["example-0.5b (a.gguf)", "example-0.5b (b.gguf)"]);
});

test("a test whose output is suspect has no speed, and a note says why", () => {
  const warning = { code: "output-suspect", message: "All logits are 0.", advice: "Check the file." };
  const broken = scriptedRuns({ decode: { 1: steady(2000) } }).map((run) => ({ ...run, warnings: [warning] }));
  const tests = benchTestsOf(broken);
  expect(tests).toMatchObject([{ isSuspect: true, tokensPerSecond: null, rooflineRatio: null, repetitionsCount: 0 }]);
  expect(benchNotesOf(broken, tests)[0]).toMatch(/tg32 has no speed: what the engine computed/);
});
