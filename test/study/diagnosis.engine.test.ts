import { diagnosisOf } from "numalab/study";
import { expect, test } from "vitest";
import { scriptedRuns, steady } from "./scriptedRuns.ts";

// A token of the scripted model reads 276 MB: 10 GB/s allow 36.2 tokens/s.
const rulesOf = (sentences: readonly { readonly rule: string }[]): string[] => sentences.map(({ rule }) => rule);
const textOf = (sentences: readonly { readonly rule: string; readonly text: string }[], rule: string): string =>
  sentences.find((sentence) => sentence.rule === rule)?.text ?? "";

test("a decode near the bandwidth ceiling is bound by memory, with share and interval in the sentence", async () => {
  const { answer } = await diagnosisOf(
    scriptedRuns({ decode: { 1: steady(20), 2: steady(30) }, prefill: { 2: steady(200) } }),
  );
  expect(rulesOf(answer)).toEqual(["speed", "bound-memory"]);
  expect(textOf(answer, "bound-memory")).toMatchInlineSnapshot(
    `"Generating with example-0.5b Q4_0 is bound by memory bandwidth: every token streams the weights once, 8.28 GB/s of the 10 GB/s that this memory was seen to give, 82.8 % [82.4–83.2 %]. Only fewer bytes a token or faster memory make it faster."`,
  );
  expect(textOf(answer, "speed")).toMatchInlineSnapshot(
    `"example-0.5b Q4_0, with random weights of the true shape, generates 30 tokens/s (95 % interval 29.8–30.1 tokens/s, n = 6) with 2 threads, and reads a 100-token prompt at 200 tokens/s."`,
  );
});

test("a decode far below the ceiling that scales with threads is bound by the cores", async () => {
  const { answer } = await diagnosisOf(scriptedRuns({ decode: { 1: steady(5), 2: steady(9.8) } }));
  expect(textOf(answer, "bound-computation")).toMatchInlineSnapshot(
    `"Generating with example-0.5b Q4_0 is bound by the cores, not by memory: it streams 2.7 GB/s of the 10 GB/s that this memory was seen to give, 27 % [26.9–27.2 %]. 2 threads give 1.96 times one. The cores spend the time unpacking weights and in arithmetic."`,
  );
});

test("a figure above the ceiling is never shown as a success", async () => {
  const { answer, caveats } = await diagnosisOf(scriptedRuns({ decode: { 2: steady(50) } }));
  expect(textOf(answer, "bound-above-ceiling")).toContain("cannot be right");
  expect(textOf(caveats, "ceiling")).toContain("fault of the measurement");
});

test("a container stopped by its quota is told that the figures are the quota's", async () => {
  const { answer } = await diagnosisOf(
    scriptedRuns({ decode: { 1: steady(8) }, environment: { throttledRatio: 0.3 } }),
  );
  expect(textOf(answer, "throttled-by-quota")).toContain("30 %");
});

test("a thread cliff is found, and the advice stays on its near side", async () => {
  const { answer, changes } = await diagnosisOf(
    scriptedRuns({ decode: { 1: steady(10), 2: steady(19), 4: steady(30), 8: steady(9) } }),
  );
  expect(textOf(answer, "thread-cliff")).toMatchInlineSnapshot(
    `"More threads make it slower: example-0.5b Q4_0 gives with 8 threads only 30 % of the speed with 4 threads."`,
  );
  expect(textOf(changes, "threads")).toContain("use 4 threads and never 8 or more");
});

test("threads that gain less than the noise floor are not recommended", async () => {
  const rates = [1, 1.03, 0.97, 1.02, 0.98, 1.01];
  const { changes } = await diagnosisOf(
    scriptedRuns({ decode: { 2: rates.map((rate) => 20 * rate), 4: rates.map((rate) => 20.2 * rate) } }),
  );
  expect(textOf(changes, "threads")).toContain("use 2 threads (4 threads are no faster");
});

test("a noisy machine is called noisy, with its noise floor", async () => {
  const { answer } = await diagnosisOf(scriptedRuns({ decode: { 1: [20, 26, 19, 27, 18, 25] } }));
  expect(textOf(answer, "noisy")).toContain("noisy");
});

test("one CPU only is said, instead of a judgement about threads", async () => {
  const { answer } = await diagnosisOf(
    scriptedRuns({ decode: { 1: steady(20) }, machine: { coresCount: 1, pusCount: 1 } }),
  );
  expect(rulesOf(answer)).toContain("one-core-only");
});

test("without a measured bandwidth no share is stated", async () => {
  const { answer, caveats } = await diagnosisOf(
    scriptedRuns({ decode: { 1: steady(20) }, bandwidthBytesPerSecond: null }),
  );
  expect(rulesOf(answer)).toContain("bound-unknown");
  expect(rulesOf(caveats)).toContain("no-ceiling");
});

test("two quantizations of one model are compared, and equal ones are called equal", async () => {
  const q4 = scriptedRuns({ decode: { 2: steady(30) } });
  const q8 = scriptedRuns({ decode: { 2: steady(18) }, model: { quant: "Q8_0", bytesPerToken: 500_000_000 } });
  const same = scriptedRuns({ decode: { 2: steady(30) }, model: { quant: "Q8_0", bytesPerToken: 300_000_000 } });
  expect(textOf((await diagnosisOf([...q4, ...q8])).changes, "quantization")).toContain("1.67 times as fast");
  expect(textOf((await diagnosisOf([...q4, ...same])).changes, "quantization")).toContain("cannot be told apart");
});

test("caveats always name synthetic weights, a shared machine, the noise floor and the scope", async () => {
  const { caveats } = await diagnosisOf(scriptedRuns({ decode: { 1: steady(20) } }));
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

test("settings to paste carry the binding and the recommended threads", async () => {
  const { settings } = await diagnosisOf(
    scriptedRuns({ decode: { 1: steady(20), 2: steady(30) }, prefill: { 2: steady(200) } }),
  );
  expect(settings).toMatchInlineSnapshot(`
    {
      "llamaCpp": "numactl --all -C 0-1 -m 0 llama-server -m MODEL.gguf --threads 2 --threads-batch 2",
      "nodeLlamaCpp": "const llama = await getLlama({ gpu: false, maxThreads: 2 }); // start node with UV_THREADPOOL_SIZE=1",
      "ollama": "PARAMETER num_thread 2   # in the Modelfile, or "options": {"num_thread": 2}",
    }
  `);
});

test("runs without a timed decode are refused with what to do", async () => {
  await expect(diagnosisOf([])).rejects.toMatchObject({ code: "nothing-measured" });
});
