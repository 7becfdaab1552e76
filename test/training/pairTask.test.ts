import { expect, it } from "vitest";
import { chanceRatioOf } from "../../sdk/training/evaluate.ts";
import { pairTaskOf } from "../../sdk/training/pairTask.ts";

const spec = { randomSeed: 7, trainingCount: 400, heldOutCount: 200 };
const rowsOf = ([tokens]: ReturnType<typeof pairTaskOf>["training"]) => {
  const values = new BigInt64Array(tokens!.data.slice().buffer);
  return Array.from({ length: values.length / 12 }, (_, row) => values.slice(row * 12, row * 12 + 12).join());
};

it("a task is the same for the same seed, and another for another", () => {
  expect(pairTaskOf(spec)).toEqual(pairTaskOf(spec));
  expect(pairTaskOf({ ...spec, randomSeed: 8 }).training).not.toEqual(pairTaskOf(spec).training);
});

it("no held-out sequence is one to learn from", () => {
  const { training, heldOut } = pairTaskOf(spec);
  const all = [...rowsOf(training), ...rowsOf(heldOut)];
  expect(all).toHaveLength(600);
  expect(new Set(all).size).toBe(600);
});

it("a guess by frequency is right about as often as classes are many", () => {
  expect(chanceRatioOf(pairTaskOf(spec).heldOut)).toBeGreaterThanOrEqual(0.25);
  expect(chanceRatioOf(pairTaskOf(spec).heldOut)).toBeLessThan(0.4);
});
