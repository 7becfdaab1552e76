import { expect, test } from "vitest";
import { benchTestsOf } from "../../sdk/study/benchTest.ts";
import { formatLlamaBench } from "../../sdk/study/llamaBenchText.ts";
import { scriptedRuns } from "./scriptedRuns.ts";

const tests = benchTestsOf(scriptedRuns({ decode: { 2: [20, 30, 25] }, prefill: { 2: [200, 200, 200] } }));

test("a table has llama-bench's columns, and what it does not know in lines below", () => {
  const lines = formatLlamaBench(tests, { format: "md", shownFields: ["poll"] }).split("\n");
  expect(lines.slice(0, 2)).toEqual([
    "| model                          |       size |     params | backend    | threads |       poll |            test |                  t/s |",
    "| ------------------------------ | ---------: | ---------: | ---------- | ------: | ---------: | --------------: | -------------------: |",
  ]);
  expect(lines[2]).toMatch(/ pp128 \| +200.00 ± 0.00 \|$/);
  expect(lines[3]).toMatch(/ tg32 \| +25.00 ± 5.00 \|$/);
  expect(lines[5]).toMatch(/^build: /);
  expect(lines[8]).toMatch(/^numalab: example-0.5b tg32, threads 2: 24.7 /);
});

test("JSON holds samples as llama-bench writes them, and ours in one member at the end", () => {
  const [, decode] = JSON.parse(formatLlamaBench(tests, { format: "json" })) as Record<string, unknown>[];
  expect(decode).toMatchObject({ n_prompt: 0, n_gen: 32, n_depth: 0, avg_ts: 25, cpu_strict: false, cpu_mask: "0x0" });
  expect(decode!["samples_ts"]).toEqual([20, 30, 25]);
  expect(Object.keys(decode!).at(-1)).toBe("numalab");
  const lines = formatLlamaBench(tests, { format: "jsonl" }).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)[1]).toEqual(decode);
});

test("a test that gives no speed is in no format", () => {
  const warning = { code: "output-suspect", message: "All logits are 0.", advice: "Check the file." };
  const broken = tests[0]!.runs.map((run) => ({ ...run, warnings: [warning] }));
  expect(formatLlamaBench(benchTestsOf(broken), { format: "jsonl" })).toBe("");
});
