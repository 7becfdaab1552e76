import { statfsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planSynthesis, type SynthesisSpec } from "../../sdk/model/plan.ts";
import { codeOf, smallShape, temporaryFolder } from "./fixtures.ts";

const spec = { shape: smallShape, quant: "Q4_0", randomSeed: 1, folder: "/models" } as const;

test("a plan states size, place and free space, and writes nothing", async () => {
  const folder = join(temporaryFolder(), "not", "yet", "there");
  const plan = await planSynthesis({ preset: "qwen2.5-0.5b", quant: "Q4_0", randomSeed: 1, folder });
  const { bsize, blocks } = statfsSync("/tmp");
  expect(plan.path).toBe(join(folder, "qwen2.5-0.5b-q4_0-synthetic.gguf"));
  // The embedding table, which is the output too, has rows of 896 weights: not whole blocks of Q6_K, so it is in Q8_0.
  const weightsBytes = (357_898_112 * 18 + 136_134_656 * 34) / 32;
  expect(plan.fileBytes).toBeGreaterThan(weightsBytes);
  expect(plan.fileBytes).toBeLessThan(weightsBytes + 5e6);
  expect(plan.freeBytes).toBeGreaterThan(0);
  expect(plan.freeBytes).toBeLessThan(bsize * blocks);
});

test("a model cut to its first layers says so in its name and file", async () => {
  const plan = await planSynthesis({
    preset: "TinyLlama-1.1B",
    depth: 3,
    quant: "F16",
    randomSeed: 1,
    folder: "/models",
  });
  expect(plan.name).toBe("TinyLlama-1.1B, 3 of 22 layers (synthetic)");
  expect(plan.path).toBe("/models/tinyllama-1.1b-3-layers-f16-synthetic.gguf");
  expect([plan.shape.layersCount, plan.wholeLayersCount]).toEqual([3, 22]);
});

test("a shape of one's own is named after its size, and a path of one's own is kept", async () => {
  expect((await planSynthesis(spec)).path).toBe("/models/llama-2x64-q4_0-synthetic.gguf");
  expect((await planSynthesis({ ...spec, path: "/models/mine.gguf" })).path).toBe("/models/mine.gguf");
});

describe("a request that cannot be meant is refused", () => {
  test.for([
    [{ quant: "Q3_K" }, "bad-spec"],
    [{ randomSeed: -1 }, "bad-spec"],
    [{ randomSeed: 0.5 }, "bad-spec"],
    [{ depth: 0 }, "bad-spec"],
    [{ depth: 3 }, "bad-spec"],
    [{ folder: undefined }, "bad-spec"],
    [{ path: "/models/mine.bin" }, "bad-spec"],
    [{ preset: "qwen2.5-0.5b" }, "bad-spec"],
    [{ shape: undefined }, "bad-spec"],
    [{ shape: undefined, preset: "gpt-9" }, "no-such-preset"],
    [{ shape: { ...smallShape, headSize: 15 } }, "bad-shape"],
  ] as const)("with %o", async ([change, code]) => {
    expect(await codeOf(planSynthesis({ ...spec, ...change } as unknown as SynthesisSpec))).toBe(code);
  });
});
