import { expect, test } from "vitest";
import { planSampling } from "../../sdk/inference/sampling.ts";

test("sampling is greedy unless told otherwise", () => {
  expect(planSampling()).toEqual({ temperature: 0, topK: 0, topP: 1, minP: 0, randomSeed: 0 });
});

test.for([
  { temperature: -1 },
  { temperature: Infinity },
  { topK: 0.5 },
  { topP: 0 },
  { minP: 1.1 },
  { randomSeed: -1 },
  { randomSeed: "1" as never },
])("%j is refused", (spec) => {
  expect(() => planSampling(spec)).toThrow(expect.objectContaining({ code: "invalid-request" }));
});
