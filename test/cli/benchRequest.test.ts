import { expect, test } from "vitest";
import { parseBenchRequest } from "../../sdk/cli/benchRequest.ts";

const parse = (words: string) => parseBenchRequest(words.split(" "));

test("a model alone is timed as llama-bench times it", () => {
  const { spec, output, shownFields } = parse("-m a.gguf");
  expect(spec).toMatchObject({
    modelPaths: ["a.gguf"],
    promptTokensCounts: [512],
    decodeTokensCounts: [128],
    replies: [],
    depthTokensCounts: [0],
    isWarmedUp: true,
  });
  expect([output, shownFields, spec.variants!.length]).toEqual(["md", [], 1]);
});

test("lists, ranges and repeated flags are read as llama-bench reads them", () => {
  const { spec } = parse("a.gguf b.gguf -p 1,2-4 -p 8-32*2 -n 1-9+4 -pg 64,32 -d 0,16 -t 1-2");
  expect(spec).toMatchObject({
    modelPaths: ["a.gguf", "b.gguf"],
    promptTokensCounts: [1, 2, 3, 4, 8, 16, 32],
    decodeTokensCounts: [1, 5, 9],
    replies: [{ promptTokensCount: 64, tokensCount: 32 }],
    depthTokensCounts: [0, 16],
    threadCounts: [1, 2],
  });
});

test("engines start in every combination of what was chosen, and a table shows what that was", () => {
  const { spec, shownFields } = parse("a.gguf -b 64 -ctk f16,q8_0 -fa 1 --cpu_strict 0,1 --poll 0 -mmp 1 -C 0x3");
  expect(spec.variants!.length).toBe(4);
  expect(spec.variants!.at(-1)).toEqual({
    cpus: "0-1",
    engine: {
      useMmap: true,
      batchTokensCount: 64,
      microBatchTokensCount: 64,
      cache: { keyType: "q8_0", valueType: "f16" },
      flashAttention: "on",
      pool: { isStrict: true, pollingLevel: 0, priority: "normal" },
    },
  });
  expect(shownFields).toEqual(["cpu_mask", "cpu_strict", "poll", "n_batch", "type_k", "flash_attn", "load_mode"]);
});

test.for([
  ["-p 512", "no model file"],
  ["a.gguf -p 0 -n 0", "leave nothing to time"],
  ["a.gguf -ngl 99", "No layer runs on a GPU"],
  ["a.gguf -sm row", "-sm cannot be honoured: it is for GPUs"],
  ["a.gguf -hf owner/name", "-hf cannot be honoured: get the file"],
  ["a.gguf -p 8-1", "does not rise"],
  ["a.gguf -p 1-4+0", "does not rise"],
  ["a.gguf -p x", "is not like 1,2,4"],
  ["a.gguf -pg 64", "is not two lengths"],
  ["a.gguf -ctk q9", "is none of"],
  ["a.gguf -C 0-3", "is not hexadecimal"],
  ["a.gguf --poll 101", "is not 0 to 100"],
  ["a.gguf -o xml", "is none of md"],
  ["a.gguf --frobnicate", "unknown option"],
  ["a.gguf -r", "has no value"],
] as const)("%s is refused", ([words, message]) => {
  expect(() => parse(words)).toThrow(message);
});
