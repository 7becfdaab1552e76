import { expect, test } from "vitest";
import type { BatchedGeneration, BatchedRun } from "../../sdk/inference/batching.ts";
import { summarizeBatched } from "../../sdk/inference/batchSummary.ts";

const generation = { tokens: [1, 2, 3], tokenSeconds: [0.5, 0.6, 0.8] } as unknown as BatchedGeneration;
const step = { startSeconds: 1, endSeconds: 2, decodeRowsCount: 2, promptRowsCount: 0, idleRowsCount: 0 };
const runOf = (run: Partial<BatchedRun>) => ({ generations: [], steps: [], ...run }) as unknown as BatchedRun;

test("a batched run is told by all its tokens, their first times and the times between them", () => {
  const steps = [step, { ...step, startSeconds: 2, endSeconds: 4, decodeRowsCount: 0 }];
  expect(summarizeBatched(runOf({ generations: [generation, generation], steps }))).toEqual({
    tokensPerSecond: 2,
    ttftMedianSeconds: 0.5,
    ttft95Seconds: 0.5,
    interTokenMedianSeconds: expect.closeTo(0.15) as number,
    interToken95Seconds: expect.closeTo(0.2) as number,
    meanDecodeRowsCount: 2,
  });
});

test("a run without requests has no figures", () => {
  expect(Object.values(summarizeBatched(runOf({})))).toEqual([null, null, null, null, null, null]);
});
