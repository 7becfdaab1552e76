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
    vocabularyCount: 260,
  };
  expect(planShape(spec)).toEqual({
    ...spec,
    headSize: 16,
    contextTokensCount: 2048,
    tiedEmbeddings: false,
    ropeBase: 10_000,
    normEpsilon: 1e-5,
  });
});

test.for([
  [{ architecture: "gpt2" }, "architecture is gpt2, and it must be one of llama, qwen2"],
  [{ layersCount: 0 }, "layersCount is 0, and it must be a whole number from 1 to 10000"],
  [{ hiddenSize: 65 }, "headSize is 16.25, and it must be a whole number from 1 to 1048576"],
  [{ feedForwardSize: Number.NaN }, "feedForwardSize is NaN, and it must be a whole number from 1 to 1048576"],
  [{ vocabularyCount: 2 ** 40 }, "vocabularyCount is 1099511627776, and it must be a whole number from 1 to 1048576"],
  [{ ropeBase: 0 }, "ropeBase is 0, and it must be above 0"],
  [{ kvHeadsCount: 3 }, "4 heads share 3 key and value heads, and headsCount must be a multiple of kvHeadsCount"],
  [{ headSize: 15 }, "headSize is 15, and it must be even, because rotary positions turn pairs"],
  [
    { architecture: "qwen2", headSize: 8 },
    "4 heads of 8 stand beside a hidden size of 64, and in qwen2 their product must be the hidden size",
  ],
  [{ vocabularyCount: 259 }, "vocabularyCount is 259, and it must be 260 at least, to hold every byte"],
] as const)("a shape with %o is refused", ([change, reason]) => {
  const plan = () => planShape({ ...smallShape, ...change } as ShapeSpec);
  expect(plan).toThrow(ModelError);
  expect(plan).toThrow(`The shape cannot be built: ${reason}.`);
});
