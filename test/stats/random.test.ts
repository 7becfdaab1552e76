import { expect, test } from "vitest";
import { StatsError } from "../../sdk/stats/errors.ts";
import { seededRandom, shuffle } from "../../sdk/stats/random.ts";

const draw = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

test("the sequence of a seed is fixed for ever, because records name it", () => {
  expect(draw(1, 3)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  expect(draw(0, 1)).toEqual([0.26642920868471265]);
});

test("numbers fill 0 to 1 evenly", () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (const value of draw(42, 10_000)) counts[Math.floor(value * 10)]! += 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(21.67);
});

test("shuffling keeps the items, leaves the list alone, and depends on the seed only", () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  const shuffled = shuffle(items, seededRandom(5));
  expect(shuffled.toSorted()).toEqual(items);
  expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(shuffle(items, seededRandom(5))).toEqual(shuffled);
  expect(shuffle(items, seededRandom(6))).not.toEqual(shuffled);
  expect(shuffle([], seededRandom(5))).toEqual([]);
});

test("every order is equally likely", () => {
  const random = seededRandom(9);
  const orders: Record<string, number> = {};
  for (let trial = 0; trial < 6000; trial++) {
    const order = shuffle(["a", "b", "c"], random).join("");
    orders[order] = (orders[order] ?? 0) + 1;
  }
  expect(Object.keys(orders)).toHaveLength(6);
  for (const count of Object.values(orders)) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

test.each([-1, 1.5, 2 ** 32, NaN])("the seed %d is refused", (seed) => {
  expect(() => seededRandom(seed)).toThrow(StatsError);
});
