import { expect, test } from "vitest";
import { markdownOf } from "../../sdk/report/index.ts";
import { diagnosisOf } from "../../sdk/study/diagnosis.ts";
import { reportOf } from "../../sdk/study/reportOf.ts";
import { scriptedRuns, steady } from "./scriptedRuns.ts";

const runs = scriptedRuns({ decode: { 1: steady(20), 2: steady(30) }, prefill: { 2: steady(200) } });

test("a report lists the warnings of its runs by kind, with how many carry each", () => {
  const warnings = [{ code: "foreign-load", message: "6.1 % of the CPU time.", advice: "Stop it." }];
  const markdown = markdownOf(reportOf(diagnosisOf(runs.map((run, at) => (at < 4 ? { ...run, warnings } : run)))));
  expect(markdown).toContain(
    "## Warnings\n\n- **foreign-load** in 4 of 18 runs, the last: 6.1 % of the CPU time. Stop it.",
  );
  expect(markdownOf(reportOf(diagnosisOf(runs)))).not.toContain("## Warnings");
});

test("a report's table has few columns, each figure with its interval and each prompt with its length", () => {
  const table = markdownOf(reportOf(diagnosisOf(runs)))
    .split("\n")
    .filter((line) => line.startsWith("|"));
  expect(table).toMatchInlineSnapshot(`
    [
      "| Model | Threads | Decode (tokens/s) | Prompt tokens | Prefill (tokens/s) | Read (GB/s) | Share | Runs |",
      "|---|---:|---:|---:|---:|---:|---:|---:|",
      "| example-0.5b Q4_0 | 1 | 20 [19.9–20.1] | – | – | 5.52 | 55.2 % [55–55.5 %] | 6 |",
      "| example-0.5b Q4_0 | 2 | 30 [29.8–30.1] | 128 | 200 [199–201] | 8.29 | 82.9 % [82.4–83.3 %] | 6 |",
    ]
  `);
});

test("settings say for which model they are, and what node-llama-cpp cannot reach", () => {
  const markdown = markdownOf(reportOf(diagnosisOf(runs)));
  expect(markdown).toContain("Settings to paste, for example-0.5b Q4_0:");
  expect(markdown).toMatch(/getLlama.*do not reach the measured speed with several threads.*UV_THREADPOOL_SIZE=1/);
});
