import { expect, test } from "vitest";
import { diagnosisOf } from "../../sdk/study/diagnosis.ts";
import type { Run } from "../../sdk/record/index.ts";
import { scriptedBandwidth, scriptedRuns, steady } from "./scriptedRuns.ts";

// A token of the scripted model reads 276 MB: 10 GB/s allow 36.2 tokens/s.
const rulesOf = (sentences: readonly { readonly rule: string }[]): string[] => sentences.map(({ rule }) => rule);
const textOf = (sentences: readonly { readonly rule: string; readonly text: string }[], rule: string): string =>
  sentences.find((sentence) => sentence.rule === rule)?.text ?? "";

test("a decode near the bandwidth ceiling is bound by memory, with share and interval in the sentence", () => {
  const { answer } = diagnosisOf(
    scriptedRuns({ decode: { 1: steady(20), 2: steady(30) }, prefill: { 2: steady(200) } }),
  );
  expect(rulesOf(answer)).toEqual(["speed", "bound-memory"]);
  expect(textOf(answer, "bound-memory")).toMatchInlineSnapshot(
    `"Generating with example-0.5b Q4_0 is bound by memory bandwidth: every token streams the weights once, 8.29 GB/s, 82.9 % [82.4–83.3 %] of the most that any thread count read of this memory, 10 GB/s. Only fewer bytes a token or faster memory make it faster."`,
  );
  expect(textOf(answer, "speed")).toMatchInlineSnapshot(
    `"example-0.5b Q4_0, with random weights of the true shape, generates 30 tokens/s (95 % interval 29.8–30.1 tokens/s) with 2 threads in 6 runs, and reads a 128-token prompt at 200 tokens/s (95 % interval 199–201 tokens/s) with 2 threads."`,
  );
});

test("a decode far below the ceiling that scales with threads is bound by the cores", () => {
  const { answer } = diagnosisOf(scriptedRuns({ decode: { 1: steady(5), 2: steady(9.8) } }));
  expect(textOf(answer, "bound-computation")).toMatchInlineSnapshot(
    `"Generating with example-0.5b Q4_0 is bound by the cores, not by memory: it streams 2.71 GB/s, 27.1 % [26.9–27.2 %] of the most that any thread count read of this memory, 10 GB/s. 2 threads give 1.96 [1.96–1.96] times one. Probably unpacking weights and arithmetic take the time; that was not measured."`,
  );
});

test("no verdict is given where the ceiling moved so much that the share spans two classes", () => {
  const runs = scriptedRuns({ decode: { 2: steady(20) } });
  const moving = [scriptedBandwidth(6e9, "12:00"), scriptedBandwidth(12e9, "12:10")];
  const { answer, caveats } = diagnosisOf([...runs, ...moving]);
  expect(rulesOf(answer)).toContain("bound-uncertain");
  expect(textOf(answer, "bound-uncertain")).toMatchInlineSnapshot(
    `"Whether memory or the cores bound example-0.5b Q4_0 cannot be told: it streams 5.52 GB/s, 61.4 % [45.6–93 %] of the most that any thread count read of this memory, 9 GB/s [5.97–12.1 GB/s], and the interval of that share leaves more than one answer open. More runs on a quieter machine narrow it."`,
  );
  expect(textOf(caveats, "ceiling")).toContain(
    "9 GB/s [5.97–12.1 GB/s] with 2 threads, measured 2 times in the course of the study; the interval is over its passes",
  );
  expect(textOf(caveats, "memory-unsteady")).toContain("between 5.94 GB/s and 12.1 GB/s at different moments");
});

test("one bandwidth stands in the answer, the rows, the caveats and the curve", () => {
  const runs = scriptedRuns({ decode: { 1: steady(20), 2: steady(30) } });
  const times = ["12:00", "12:03", "12:06"].map((time, index) => scriptedBandwidth((10 + index / 10) * 1e9, time));
  const { answer, caveats, measured, bandwidth } = diagnosisOf([...runs, ...times]);
  const ends = measured.map((row) => [row.bandwidthLowBytesPerSecond, row.bandwidthHighBytesPerSecond]);
  expect(new Set(measured.map((row) => row.bandwidthBytesPerSecond))).toEqual(new Set([bandwidth[0]!.bytesPerSecond]));
  expect(new Set(ends.map(String)).size).toBe(1);
  expect(textOf(answer, "bound-memory")).toContain(
    "the most that any thread count read of this memory, 10.1 GB/s [9.85–10.4 GB/s]",
  );
  expect(textOf(caveats, "ceiling")).toContain(
    "10.1 GB/s [9.85–10.4 GB/s] with 2 threads, measured 3 times in the course of the study; the interval is over these measurements",
  );
  expect(rulesOf(caveats)).not.toContain("memory-unsteady");
});

test("one odd measurement among many hardly moves the bandwidth", () => {
  const times = Array.from({ length: 9 }, (_, index) => scriptedBandwidth(index === 4 ? 20e9 : 10e9, `12:0${index}`));
  const { bandwidth } = diagnosisOf([...scriptedRuns({ decode: { 2: steady(30) } }), ...times]);
  expect(bandwidth[0]!.bytesPerSecond / 10e9).toBeCloseTo(1, 1);
});

test("a bandwidth measured once is said to be so", () => {
  const runs = [...scriptedRuns({ decode: { 2: steady(30) } }), scriptedBandwidth(10e9, "12:00")];
  expect(textOf(diagnosisOf(runs).caveats, "ceiling")).toContain("measured once, before the runs");
});

test("without an interval no verdict is given", () => {
  expect(rulesOf(diagnosisOf(scriptedRuns({ decode: { 2: [30, 30] } })).answer)).toContain("bound-uncertain");
});

test("a figure above the ceiling is never shown as a success", () => {
  const { answer, caveats } = diagnosisOf(scriptedRuns({ decode: { 2: steady(50) } }));
  expect(textOf(answer, "bound-above-ceiling")).toContain("cannot be right");
  expect(textOf(caveats, "ceiling")).toContain("fault of the measurement");
});

test("a container stopped by its quota is told that the figures are the quota's", () => {
  const { answer } = diagnosisOf(scriptedRuns({ decode: { 1: steady(8) }, environment: { throttledRatio: 0.3 } }));
  expect(textOf(answer, "throttled-by-quota")).toContain("30 %");
});

test("a thread cliff is found, and the advice stays on its near side", () => {
  const { answer, changes } = diagnosisOf(
    scriptedRuns({ decode: { 1: steady(10), 2: steady(19), 4: steady(30), 8: steady(9) } }),
  );
  expect(textOf(answer, "thread-cliff")).toMatchInlineSnapshot(
    `"More threads make it slower: example-0.5b Q4_0 gives with 8 threads only 30 % of the speed with 4 threads."`,
  );
  expect(textOf(changes, "threads")).toContain("use 4 threads and never 8 or more");
});

test("threads that gain less than the noise floor are not recommended", () => {
  const rates = [1, 1.03, 0.97, 1.02, 0.98, 1.01];
  const { changes } = diagnosisOf(
    scriptedRuns({ decode: { 2: rates.map((rate) => 20 * rate), 4: rates.map((rate) => 20.2 * rate) } }),
  );
  expect(textOf(changes, "threads")).toMatch(/use 2 threads \(4 give 1\.01 \[.*\] times that speed: not worth/);
});

test("a noisy machine is called noisy, with its noise floor", () => {
  const { answer } = diagnosisOf(scriptedRuns({ decode: { 1: [20, 26, 19, 27, 18, 25] } }));
  expect(textOf(answer, "noisy")).toContain("noisy");
});

test("load in a third of the runs withholds every verdict and every piece of advice", () => {
  const quiet = scriptedRuns({ decode: { 2: steady(30), 4: steady(9) }, prefill: { 2: steady(200) } });
  const busy = quiet.map((run, index) => ({
    ...run,
    environment: { ...run.environment!, foreignCpuRatio: index % 3 === 0 ? 0.5 : 0 },
    warnings: index % 3 === 0 ? [{ code: "foreign-load", message: "50 %", advice: "Stop it." }] : [],
  }));
  const { answer, changes, settings, caveats, warnings } = diagnosisOf(busy);
  expect(rulesOf(answer)).toEqual(["other-load", "speed", "bound-disturbed"]);
  expect(textOf(answer, "other-load")).toContain(
    "16.7 % of the CPUs on average and 50 % at most, and disturbed 6 of 18 runs",
  );
  expect(rulesOf(changes)).toEqual(["loaded-machine"]);
  expect(settings).toBeNull();
  expect(textOf(caveats, "shared-machine")).toContain("6 of 18 runs carry warnings");
  expect(warnings).toEqual([
    { code: "foreign-load", message: "50 %", advice: "Stop it.", runsCount: 6, bandwidthRunsCount: 0 },
  ]);
});

test("load in a few runs is told by mean and maximum, and bears a verdict", () => {
  const runs = scriptedRuns({ decode: { 2: steady(30) }, environment: { foreignCpuRatio: 0 } });
  const [first, ...rest] = runs;
  const spoilt = { ...first!, environment: { ...first!.environment!, foreignCpuRatio: 0.51 } };
  const { answer, caveats } = diagnosisOf([spoilt, ...rest]);
  expect(rulesOf(answer)).toContain("bound-memory");
  expect(textOf(caveats, "shared-machine")).toContain("8.5 % on average and 51 % at most");
});

test("one timed thread on a machine with more CPUs is not called one CPU", () => {
  const { answer } = diagnosisOf(scriptedRuns({ decode: { 1: steady(20) } }));
  expect(rulesOf(answer)).toContain("one-thread-only");
  expect(rulesOf(answer)).not.toContain("one-core-only");
});

test("a model cut to its first layers is called so, and gives no advice about rates, sizes or prompts", () => {
  const model = { name: "qwen2.5-0.5b, 4 of 24 layers (synthetic)" };
  const { answer, changes, caveats, settings } = diagnosisOf(
    scriptedRuns({ decode: { 1: steady(20), 2: steady(30) }, prefill: { 2: steady(200) }, model }),
  );
  expect(textOf(answer, "speed")).toMatch(
    /^qwen2.5-0.5b Q4_0 \(cut to 4 of 24 layers\), with random weights, .*no model's speed/,
  );
  expect(rulesOf(changes)).toEqual(["threads"]);
  expect(rulesOf(caveats)).toContain("cut-model");
  expect(settings).toBeNull();
});

test("one CPU only is said, instead of a judgement about threads", () => {
  const { answer } = diagnosisOf(scriptedRuns({ decode: { 1: steady(20) }, machine: { coresCount: 1, pusCount: 1 } }));
  expect(rulesOf(answer)).toContain("one-core-only");
});

test("without a measured bandwidth no share is stated", () => {
  const { answer, caveats } = diagnosisOf(scriptedRuns({ decode: { 1: steady(20) }, bandwidthBytesPerSecond: null }));
  expect(rulesOf(answer)).toContain("bound-unknown");
  expect(rulesOf(caveats)).toContain("no-ceiling");
});

test("two quantizations of one model are compared, and equal ones are called equal", () => {
  const q4 = scriptedRuns({ decode: { 2: steady(30) } });
  const q8 = scriptedRuns({ decode: { 2: steady(18) }, model: { quant: "Q8_0", bytesPerToken: 500_000_000 } });
  const same = scriptedRuns({ decode: { 2: steady(30) }, model: { quant: "Q8_0", bytesPerToken: 300_000_000 } });
  expect(textOf(diagnosisOf([...q4, ...q8]).changes, "quantization")).toContain("1.67 [1.67–1.67] times as fast");
  expect(textOf(diagnosisOf([...q4, ...same]).changes, "quantization")).toContain("cannot be told apart");
});

test("caveats always name synthetic weights, a shared machine, the noise floor and the scope", () => {
  const { caveats } = diagnosisOf(scriptedRuns({ decode: { 1: steady(20) } }));
  expect(rulesOf(caveats)).toEqual([
    "synthetic-weights",
    "not-measured",
    "shared-machine",
    "noise-floor",
    "binding",
    "ceiling",
    "scope",
  ]);
});

test("settings to paste carry the binding and the recommended threads", () => {
  const { settings } = diagnosisOf(
    scriptedRuns({ decode: { 1: steady(20), 2: steady(30) }, prefill: { 2: steady(200) } }),
  );
  expect(settings).toMatchInlineSnapshot(`
    {
      "llamaCpp": "numactl --all -C 0-1 -m 0 llama-server -m MODEL.gguf --threads 2 --threads-batch 2",
      "model": "example-0.5b Q4_0",
      "nodeLlamaCpp": "const llama = await getLlama({ gpu: false, maxThreads: 2 });",
      "ollama": "PARAMETER num_thread 2   # in the Modelfile, or "options": {"num_thread": 2}",
    }
  `);
});

test("settings are bound as the recommended threads ran, not as the runs that came first", () => {
  const wide = { cpus: "0-3", memoryNodes: "0-1", prefix: ["numactl", "--all", "-C", "0-3", "-i", "0-1"] };
  const narrow = { cpus: "0-1", memoryNodes: "0", prefix: ["numactl", "--all", "-C", "0-1", "-m", "0"] };
  const spread = scriptedRuns({ decode: { 4: steady(12) }, plan: wide });
  const packed = scriptedRuns({ decode: { 1: steady(20), 2: steady(30) }, prefill: { 2: steady(200) }, plan: narrow });
  expect(diagnosisOf([...spread, ...packed]).settings?.llamaCpp).toBe(
    "numactl --all -C 0-1 -m 0 llama-server -m MODEL.gguf --threads 2 --threads-batch 2",
  );
  const fastWide = scriptedRuns({ decode: { 2: steady(20), 4: steady(40) }, plan: wide });
  expect(
    diagnosisOf([...scriptedRuns({ decode: { 1: steady(9) }, plan: narrow }), ...fastWide]).settings?.llamaCpp,
  ).toBe("numactl --all -C 0-3 -i 0-1 llama-server -m MODEL.gguf --threads 4 --threads-batch 4");
});

test("settings bind only the CPUs of the recommended threads, not the whole placement", () => {
  const plan = { cpus: "0-3", prefix: ["numactl", "--all", "-C", "0-3", "-m", "0"] };
  const { settings } = diagnosisOf(scriptedRuns({ decode: { 2: steady(30), 4: steady(20) }, plan }));
  expect(settings?.llamaCpp).toMatch(/^numactl --all -C 0-1 -m 0 .*--threads 2 --threads-batch 2$/);
});

test("two files of one name are two models, told apart by their file names", () => {
  const of = (name: string, rate: number): Run[] =>
    scriptedRuns({ decode: { 2: steady(rate) }, model: { fileName: `${name}.gguf`, fileDigest: name } });
  const { answer, measured } = diagnosisOf([...of("a", 30), ...of("b", 20)]);
  expect(rulesOf(answer).filter((rule) => rule === "speed")).toHaveLength(2);
  expect(measured.map(({ model, decodeRooflineRatio }) => [model, decodeRooflineRatio?.toFixed(2)])).toEqual([
    ["example-0.5b (a.gguf)", "0.83"],
    ["example-0.5b (b.gguf)", "0.55"],
  ]);
});

test("runs of several studies are refused: a diagnosis speaks of one", () => {
  const runs = scriptedRuns({ decode: { 1: steady(20) } });
  const other = runs.map((run) => ({ ...run, study: "another" }));
  expect(() => diagnosisOf([...runs, ...other])).toThrow(expect.objectContaining({ code: "several-studies" }) as Error);
});

test("runs without a timed decode are refused with what to do", () => {
  expect(() => diagnosisOf([])).toThrow(expect.objectContaining({ code: "nothing-measured" }) as Error);
});

test("a model whose output is suspect has no figure in the answer, and a caveat names it", () => {
  const warning = { code: "output-suspect", message: "All logits are 0.", advice: "Check the file." };
  const fine = scriptedRuns({ decode: { 1: steady(20) } });
  const broken = scriptedRuns({ decode: { 1: steady(2000) }, model: { name: "broken", fileDigest: "b" } });
  const { answer, caveats } = diagnosisOf([...fine, ...broken.map((run) => ({ ...run, warnings: [warning] }))]);
  expect(answer.map(({ text }) => text).join(" ")).not.toContain("broken");
  expect(caveats[0]).toMatchObject({ rule: "output-suspect", text: expect.stringMatching(/^broken/) as string });
});
