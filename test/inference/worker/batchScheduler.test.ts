import { describe, expect, test } from "vitest";
import type { BatchPolicy } from "../../../sdk/inference/batching.ts";
import { createScheduler, type PlannedStep, type Scheduler } from "../../../sdk/inference/worker/batchScheduler.ts";

const policyOf = (spec: Partial<BatchPolicy>): BatchPolicy => ({
  maximumSequencesCount: 2,
  maximumDelaySeconds: 0,
  joining: "continuous",
  promptChunkTokensCount: 8,
  rowMultiple: 1,
  ...spec,
});

const promptOf = (length: number) => Array.from({ length }, (_, index) => index + 1);

function schedulerOf(spec: Partial<BatchPolicy>, ...lengths: readonly number[]): Scheduler {
  const scheduler = createScheduler(policyOf(spec));
  lengths.forEach((length, requestIndex) => {
    scheduler.arrive({ requestIndex, tokens: promptOf(length), arrivalSeconds: 0 });
  });
  return scheduler;
}

const rowsOf = ({ entries }: PlannedStep) =>
  entries.map(({ sequenceIndex, position, token, hasOutput }) => [sequenceIndex, position, token, hasOutput]);

test("a prompt is read in pieces, its last token has the output, and the next row is the token chosen after it", () => {
  const scheduler = schedulerOf({ promptChunkTokensCount: 2 }, 3);
  expect(rowsOf(scheduler.plan(0))).toEqual([
    [0, 0, 1, false],
    [0, 1, 2, false],
  ]);
  const { outputs, ...step } = scheduler.plan(0);
  expect(rowsOf({ outputs, ...step })).toEqual([[0, 2, 3, true]]);
  outputs[0]!.running.nextToken = 99;
  expect(rowsOf(scheduler.plan(0))).toEqual([[0, 3, 99, true]]);
});

test("the next token of one request is computed beside a piece of another's prompt", () => {
  const scheduler = schedulerOf({ promptChunkTokensCount: 4 }, 1, 9);
  scheduler.plan(0);
  expect(scheduler.plan(0)).toMatchObject({ decodeRowsCount: 1, promptRowsCount: 4 });
});

test("a step takes prompt tokens up to a multiple of rows while more of the prompt follows", () => {
  const scheduler = schedulerOf({ promptChunkTokensCount: 8, rowMultiple: 4 }, 1, 30);
  expect(scheduler.plan(0)).toMatchObject({ decodeRowsCount: 0, promptRowsCount: 8 });
  expect(scheduler.plan(0)).toMatchObject({ decodeRowsCount: 1, promptRowsCount: 7 });
});

describe("an idle engine", () => {
  const policy = { maximumSequencesCount: 3, maximumDelaySeconds: 0.5 };

  test("waits for others as long as the first request may", () => {
    const scheduler = schedulerOf(policy, 4);
    expect(scheduler.delayAt(0.2)).toBeCloseTo(0.3);
    expect(scheduler.delayAt(0.6)).toBe(0);
  });

  test("begins at once when the batch is full", () => {
    expect(schedulerOf(policy, 4, 4, 4).delayAt(0)).toBe(0);
  });

  test("has nothing to wait for without a request", () => {
    expect(schedulerOf(policy).delayAt(0)).toBeNull();
  });
});

test.each([
  ["continuous", 2],
  ["together", 1],
] as const)("joining %s, a request that arrives later makes %i rows of decoding", (joining, rowsCount) => {
  const scheduler = schedulerOf({ joining }, 1);
  scheduler.plan(0);
  scheduler.arrive({ requestIndex: 1, tokens: [7], arrivalSeconds: 0 });
  scheduler.plan(0);
  expect(scheduler.plan(0).decodeRowsCount).toBe(rowsCount);
});

test("a request that ends gives its place to one that waits", () => {
  const scheduler = schedulerOf({ maximumSequencesCount: 1 }, 1, 2);
  const [first] = scheduler.plan(0).outputs;
  scheduler.finish(first!.running);
  expect(scheduler.plan(1).outputs[0]!.running).toMatchObject({ requestIndex: 1, startSeconds: 1, sequenceIndex: 0 });
});

test("a request is withdrawn whether it waits, runs or has ended", () => {
  const scheduler = schedulerOf({ maximumSequencesCount: 1 }, 1, 2);
  scheduler.plan(0);
  expect(scheduler.withdraw(1)).not.toHaveProperty("sequenceIndex");
  expect(scheduler.withdraw(0)).toHaveProperty("sequenceIndex", 0);
  expect(scheduler.withdraw(0)).toBeNull();
  expect(scheduler.delayAt(0)).toBeNull();
});
