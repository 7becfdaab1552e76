import { expect, test } from "vitest";
import type { Run } from "../../sdk/record/index.ts";
import { markdownOf } from "../../sdk/report/index.ts";
import { benchTestsOf } from "../../sdk/study/benchTest.ts";
import { diagnosisOf } from "../../sdk/study/diagnosis.ts";
import { reportOf } from "../../sdk/study/reportOf.ts";
import { scriptedRuns, steady } from "./scriptedRuns.ts";

const textOf = (sentences: readonly { readonly rule: string; readonly text: string }[], rule: string) =>
  sentences.find((sentence) => sentence.rule === rule)?.text;

/** The same run, ended after so many tokens. */
function cutTo(run: Run, tokensCount: number): Run {
  return { ...run, samples: { ...run.samples, tokenSeconds: run.samples.tokenSeconds!.slice(0, tokensCount) } };
}

const whole = scriptedRuns({ decode: { 1: steady(20), 2: steady(30) }, prefill: { 1: steady(100) } });

/** The decodes with two threads end after 20, 20, 12, 3, 32 and 32 of 32 tokens. */
const cut = whole.map((run) => {
  const kept = [20, 20, 12, 3][run.repetitionIndex];
  return run.kind === "decode" && run.spec.threadsCount === 2 && kept !== undefined ? cutTo(run, kept) : run;
});

test("runs that were cut short are told with their counts; those too short enter no figure", () => {
  const { answer, caveats, measured } = diagnosisOf(cut);
  expect(textOf(caveats, "cut-short")).toMatchInlineSnapshot(
    `"4 of 18 runs (decoding with 2 threads) had to be cut short at the time limit. 2 of them are excluded: fewer than half of their tokens, or fewer than 8, give no speed."`,
  );
  expect(textOf(answer, "speed")).toContain("with 2 threads in 4 runs");
  expect(measured.map(({ repetitionsCount }) => repetitionsCount)).toEqual([6, 4]);
  expect(markdownOf(reportOf(diagnosisOf(cut)))).toMatch(/\| 2 \| 30 .*\| 4 \(2 excluded\) \|/);
  expect(textOf(diagnosisOf(whole).caveats, "cut-short")).toBeUndefined();
});

test("a thread count all of whose decodes were too short has no speed, and no other is compared with it", () => {
  const none = whole.map((run) => (run.kind === "decode" && run.spec.threadsCount === 2 ? cutTo(run, 3) : run));
  const diagnosis = diagnosisOf(none);
  const { answer, measured } = diagnosis;
  expect(markdownOf(reportOf(diagnosis))).toContain("| 2 | excluded: cut short |");
  expect(measured.map(({ decodeTokensPerSecond }) => decodeTokensPerSecond === null)).toEqual([false, true]);
  expect(measured[1]?.warnings).toContain("6 of 6 decode runs excluded: cut short.");
  expect(textOf(answer, "one-thread-only")).toContain("Only one thread has a decode speed");
});

test("when every decode was too short, that is said instead of an answer", () => {
  const none = whole.map((run) => (run.kind === "decode" ? cutTo(run, 3) : run));
  expect(() => diagnosisOf(none)).toThrow(/timed a decode long enough; 12 were cut short and are excluded/);
});

test("a test of a bench whose every run was too short has no speed", () => {
  const [row] = benchTestsOf(whole.filter(({ kind }) => kind === "decode").map((run) => cutTo(run, 3)));
  expect(row).toMatchObject({ tokensPerSecond: null, lowTokensPerSecond: null, repetitionsCount: 0 });
});

test("runs below the standard length are told, with both lengths", () => {
  const short = whole.map((run) =>
    run.kind === "prefill" ? { ...run, spec: { ...run.spec, promptTokensCount: 64 } } : run,
  );
  expect(textOf(diagnosisOf(short).caveats, "short-runs")).toMatchInlineSnapshot(
    `"Runs are shorter than standard, as a diagnosis makes them only where the machine is far too slow: prompts of 64 tokens instead of 128. Speed depends on length: do not compare these figures with those of the standard length."`,
  );
  expect(textOf(diagnosisOf(whole).caveats, "short-runs")).toBeUndefined();
});

test("answer, caveats and warnings count the same runs, and name those of bandwidth apart", () => {
  const warnings = [{ code: "foreign-load", message: "57 %", advice: "Stop it." }];
  const environment = { foreignCpuRatio: 0.5, stealRatio: 0.01 };
  const loaded = scriptedRuns({ decode: { 1: steady(20) }, environment });
  const bandwidth: Run = { ...loaded[0]!, id: "bandwidth", kind: "bandwidth", model: null };
  const samples = { tokenSeconds: null, bytesPerSecond: [1e10] };
  const runs = [...loaded, { ...bandwidth, samples }].map((run) => ({ ...run, warnings }));
  const diagnosis = diagnosisOf(runs);
  expect(textOf(diagnosis.answer, "other-load")).toMatch(
    /^Other programs and the hypervisor together took 51 % .* disturbed 6 of 6 runs/,
  );
  expect(textOf(diagnosis.caveats, "shared-machine")).toMatch(
    /other programs alone took 50 % .*, the hypervisor alone 1 % .*\. 6 of 6 runs carry warnings/,
  );
  expect(diagnosis).toMatchObject({
    runsCount: 6,
    bandwidthRunsCount: 1,
    warnings: [{ code: "foreign-load", runsCount: 6, bandwidthRunsCount: 1 }],
  });
});

test("several instances are advised only where the cores bound", () => {
  const adviceAt = (bandwidthBytesPerSecond: number) =>
    textOf(
      diagnosisOf(scriptedRuns({ decode: { 1: steady(20), 4: steady(30) }, bandwidthBytesPerSecond })).changes,
      "instances-for-scaling",
    );
  expect(adviceAt(30e9)).toContain("4 threads of example-0.5b Q4_0 give only 1.50");
  expect(adviceAt(10e9)).toBeUndefined();
  expect(adviceAt(13e9)).toBeUndefined();
});
