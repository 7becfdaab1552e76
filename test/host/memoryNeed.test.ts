import { expect, test } from "vitest";
import { isEnough, memoryNeedFindings, needOf } from "../../sdk/host/memoryNeed.ts";
import type { MemoryState, NodeMemory } from "../../sdk/host/memoryState.ts";

const gibi = 2 ** 30;
const rest = { swapBytes: 0, idleHugePagesBytes: null, pressureRatio: null };
const node = (nodeIndex: number, availableBytes: number): NodeMemory => ({
  nodeIndex,
  totalBytes: 64 * gibi,
  availableBytes: availableBytes * gibi,
});
const stateOf = (...available: number[]): MemoryState => ({
  ...rest,
  totalBytes: available.length * 64 * gibi,
  availableBytes: available.reduce((sum, bytes) => sum + bytes, 0) * gibi,
  nodes: available.map((bytes, index) => node(index, bytes)),
});
const codesOf = (needGibi: number, state: MemoryState, limitGibi: number | null = null) =>
  memoryNeedFindings(needOf(needGibi * gibi), state, limitGibi === null ? null : limitGibi * gibi).map(
    ({ code, severity }) => `${severity} ${code}`,
  );

test.each([
  { availableBytes: 16, totalBytes: 20, expected: true },
  { availableBytes: 15, totalBytes: 16, expected: true },
  { availableBytes: 14.9, totalBytes: 15, expected: false },
  { availableBytes: 15, totalBytes: 20, expected: false },
])("a need of 10 with $availableBytes of $totalBytes available is enough: $expected", ({ expected, ...memory }) => {
  expect(isEnough(needOf(10), memory)).toBe(expected);
});

test("both thresholds can be told", () => {
  const memory = { availableBytes: 11, totalBytes: 20 };
  expect(isEnough(needOf(10), memory)).toBe(false);
  expect(isEnough(needOf(10, { leastRatio: 1, reserveRatio: 0 }), memory)).toBe(true);
});

test("a model that fits everywhere is no finding", () => {
  expect(codesOf(8, stateOf(60, 60))).toEqual([]);
});

test("a model that fits some nodes, none, or the machine not at all is told", () => {
  expect(codesOf(8, stateOf(60, 10))).toEqual(["advice some-nodes-short"]);
  expect(codesOf(60, stateOf(62, 62, 62, 62))).toEqual(["advice no-node-holds-model"]);
  expect(codesOf(100, stateOf(60, 60))).toEqual(["advice memory-short"]);
  expect(codesOf(200, stateOf(60, 60))).toEqual(["problem memory-short"]);
});

test("a container's limit counts as the memory there is", () => {
  expect(codesOf(8, stateOf(60), 16)).toEqual([]);
  expect(codesOf(12, stateOf(60), 16)).toEqual(["advice memory-short"]);
});

test("memory that the kernel does not tell is a note", () => {
  expect(codesOf(8, { ...rest, totalBytes: null, availableBytes: null, nodes: [] })).toEqual(["note memory-unknown"]);
});
