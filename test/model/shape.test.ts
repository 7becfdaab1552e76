import { expect, test } from "vitest";
import { ModelError } from "../../sdk/model/errors.ts";
import { planShape, type ShapeSpec } from "../../sdk/model/shape.ts";
import { smallShape } from "./fixtures.ts";

test("a shape states the choices that were left out", () => {
  const spec: ShapeSpec = {
    architecture: "llama",
    layersCount: 1,
    hiddenSize: 64,
    feedForwardSize: 128,
    headsCount: 4,
    kvHeadsCount: 4,
    vocabularyCount: 261,
  };
  expect(planShape(spec)).toEqual({
    ...spec,
    headSize: 16,
    valueSize: 16,
    rotarySize: 16,
    queryLatentSize: 0,
    keyValueLatentSize: 0,
    slidingWindowTokensCount: 4096,
    expertsCount: 0,
    expertsUsedCount: 0,
    expertFeedForwardSize: 128,
    sharedExpertsCount: 0,
    denseLayersCount: 0,
    expertGating: "softmax",
    contextTokensCount: 2048,
    tiedEmbeddings: false,
    ropeBase: 10_000,
    normEpsilon: 1e-5,
  });
});

test.for([
  [{ architecture: "gpt2" }, "architecture is gpt2, and it must be one of llama, qwen2, qwen3, arcee, gemma"],
  [{ layersCount: 0 }, "layersCount is 0, and it must be a whole number from 1 to 10000"],
  [{ hiddenSize: 65 }, "headSize is 16.25, and it must be a whole number from 1 to 1048576"],
  [{ feedForwardSize: Number.NaN }, "feedForwardSize is NaN, and it must be a whole number from 1 to 1048576"],
  [{ vocabularyCount: 2 ** 40 }, "vocabularyCount is 1099511627776, and it must be a whole number from 1 to 1048576"],
  [{ ropeBase: 0 }, "ropeBase is 0, and it must be above 0"],
  [{ kvHeadsCount: 3 }, "4 heads share 3 key and value heads, and headsCount must be a multiple of kvHeadsCount"],
  [{ headSize: 15 }, "rotarySize is 15, and it must be even, because rotary positions turn pairs"],
  [
    { architecture: "qwen2", headSize: 8 },
    "4 heads of 8 stand beside a hidden size of 64 in qwen2, and there their product must be the hidden size",
  ],
  [
    { architecture: "gemma2", tiedEmbeddings: false },
    "tiedEmbeddings is false in gemma2, and there it must be the contrary",
  ],
  [
    { architecture: "qwen3moe" },
    "expertsCount is 0 in qwen3moe, and it must be above 0 in qwen2moe, qwen3moe and deepseek2",
  ],
  [{ expertsCount: 8, expertsUsedCount: 9 }, "expertsUsedCount is 9 of 8, and it must be from 1 to expertsCount"],
  [{ vocabularyCount: 260 }, "vocabularyCount is 260, and it must be 261 at least, to hold every byte"],
] as const)("a shape with %o is refused", ([change, reason]) => {
  const plan = () => planShape({ ...smallShape, ...change } as ShapeSpec);
  expect(plan).toThrow(ModelError);
  expect(plan).toThrow(`The shape cannot be built: ${reason}`);
});
