import { expect, test } from "vitest";
import { benchRowsOf } from "../../sdk/study/bench.ts";
import { scriptedBandwidth, scriptedRuns, steady } from "./scriptedRuns.ts";

test("a bench has a row for each test, with the share of the bandwidth beside it", () => {
  const runs = scriptedRuns({ decode: { 1: steady(20), 2: steady(30) }, prefill: { 2: steady(200) } });
  const rows = benchRowsOf([...runs, scriptedBandwidth(20e9, "12:00")]);
  const shown = rows.map(({ test: name, threadsCount, rooflineRatio }) => [
    name,
    threadsCount,
    rooflineRatio?.toFixed(2),
  ]);
  expect(shown).toEqual([
    ["pp128", 2, undefined],
    ["tg32", 1, "0.28"],
    ["tg32", 2, "0.41"],
  ]);
});

test("warnings stand in the row of their runs, with how many carry them", () => {
  const warning = { code: "foreign-load", message: "6 %", advice: "Stop it." };
  const [first, ...rest] = scriptedRuns({ decode: { 1: steady(20) } });
  const [row] = benchRowsOf([{ ...first!, warnings: [warning] }, ...rest]);
  expect(row!.warnings).toBe("foreign-load (1)");
});

test("two files of one name have rows of their own", () => {
  const runs = ["a", "b"].flatMap((name) =>
    scriptedRuns({ decode: { 1: steady(20) }, model: { fileName: `${name}.gguf`, fileDigest: name } }),
  );
  expect(benchRowsOf(runs).map(({ model }) => model)).toEqual(["example-0.5b (a.gguf)", "example-0.5b (b.gguf)"]);
});
