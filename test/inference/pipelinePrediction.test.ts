import { expect, test } from "vitest";
import { predictPipeline } from "../../sdk/inference/pipelinePrediction.ts";

test.each([
  [1, 1],
  [2, 1],
  [2, 8],
  [4, 12],
])("%i equal stages wait for (p − 1) / (m + p − 1) of their time with %i batches", (stagesCount, batchesCount) => {
  const { bubbleRatio, seconds } = predictPipeline(Array<number>(stagesCount).fill(0.5), batchesCount);
  expect(bubbleRatio).toBeCloseTo((stagesCount - 1) / (batchesCount + stagesCount - 1));
  expect(seconds).toBeCloseTo(0.5 * (batchesCount + stagesCount - 1));
});

test("the slowest stage bounds the throughput once enough batches are in flight", () => {
  expect(predictPipeline([1, 3], 1)).toMatchObject({ latencySeconds: 4, seconds: 4, steadyBatchesPerSecond: 0.25 });
  expect(predictPipeline([1, 3], 2).steadyBatchesPerSecond).toBeCloseTo(1 / 3);
  expect(predictPipeline([1, 3], 8)).toMatchObject({ seconds: 25, steadyBatchesPerSecond: 1 / 3 });
});

test.each([
  [[], 1],
  [[1, 0], 1],
  [[1], 0],
  [[NaN], 1],
])("stages of %j seconds with %i batches are refused", (stageSeconds, batchesCount) => {
  expect(() => predictPipeline(stageSeconds, batchesCount)).toThrow(
    expect.objectContaining({ code: "invalid-request" }) as Error,
  );
});
