import { expect, test } from "vitest";
import type { UsageSnapshot } from "../../sdk/launch/usage.ts";
import { usageBetween } from "../../sdk/launch/usageChange.ts";

const held = { threadsCount: 5, residentBytes: 2 ** 30, pagesByNode: { "0": 100 } };

const before: UsageSnapshot = {
  monotonicSeconds: 10,
  instances: [{ processId: 700, cpuSeconds: 3, ...held }],
  nodes: [{ nodeIndex: 0, hitsCount: 1000, missesCount: 5, foreignCount: null }],
};

const busyCpusOf = (cpuSeconds: number | null, processId = 700) =>
  usageBetween(before, { ...before, monotonicSeconds: 12, instances: [{ processId, cpuSeconds, ...held }] })
    .instances[0]?.busyCpusCount;

test("the change between two snapshots is what each instance used and each node allocated in that time", () => {
  const after: UsageSnapshot = {
    monotonicSeconds: 12,
    instances: [{ processId: 700, cpuSeconds: 11, ...held, threadsCount: 6 }],
    nodes: [{ nodeIndex: 0, hitsCount: 1500, missesCount: 5, foreignCount: null }],
  };
  expect(usageBetween(before, after)).toEqual({
    elapsedSeconds: 2,
    instances: [{ processId: 700, busyCpusCount: 4, ...held, threadsCount: 6 }],
    nodes: [{ nodeIndex: 0, hitsCount: 500, missesCount: 0, foreignCount: null }],
  });
});

test("an instance that is new or gone, or whose CPU time fell, used an unknown time", () => {
  expect(busyCpusOf(3)).toBe(0);
  expect(busyCpusOf(3, 701)).toBeNull();
  expect(busyCpusOf(null)).toBeNull();
  expect(busyCpusOf(2.5)).toBeNull();
});

test("a node that was not told of before has unknown allocations", () => {
  const nodes = [{ nodeIndex: 1, hitsCount: 7, missesCount: 0, foreignCount: 0 }];
  expect(usageBetween(before, { ...before, nodes }).nodes).toEqual([
    { nodeIndex: 1, hitsCount: null, missesCount: null, foreignCount: null },
  ]);
});
