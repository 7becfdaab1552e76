import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseOptions, type Option } from "../../../sdk/compression/mix/choice.ts";

const option = fc.record({
  name: fc.constantFrom("a", "b", "c"),
  cost: fc.integer({ min: 1, max: 50 }),
  error: fc.double({ min: 0, max: 10, noNaN: true }),
});
const groups = fc.array(fc.array(option, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });

/** The least error of all choices within the budget; null where none is. */
function leastErrorOf([first, ...others]: readonly (readonly Option[])[], budget: number): number | null {
  if (budget < 0) return null;
  if (first === undefined) return 0;
  const errors = first.flatMap(({ cost, error }) => {
    const rest = leastErrorOf(others, budget - cost);
    return rest === null ? [] : [error + rest];
  });
  return errors.length === 0 ? null : Math.min(...errors);
}

test("of all choices within the budget the one of least error is chosen", () => {
  fc.assert(
    fc.property(groups, fc.integer({ min: 1, max: 200 }), (given, budget) => {
      const least = leastErrorOf(given, budget);
      if (least === null) {
        expect(() => chooseOptions(given, budget)).toThrow(expect.objectContaining({ code: "over-budget" }) as Error);
        return;
      }
      const { options, cost, error } = chooseOptions(given, budget);
      expect(error).toBeCloseTo(least, 9);
      expect(cost).toBeLessThanOrEqual(budget);
      expect(cost).toBe(options.reduce((total, one) => total + one.cost, 0));
      expect(options.map((one, at) => (given[at] as Option[]).includes(one))).toEqual(given.map(() => true));
    }),
  );
});

test("with many groups of many bytes the budget holds, and is used", () => {
  const options = [2, 3, 4, 5, 6, 8].map((bits) => ({ name: `${bits}`, cost: bits * 1_000_003, error: 4 ** -bits }));
  const many = Array.from({ length: 64 }, (_, at) => options.map((one) => ({ ...one, error: one.error * (at + 1) })));
  const budget = 64 * 4.5 * 1_000_003;
  const { cost, options: chosen } = chooseOptions(many, budget);
  expect(cost).toBeLessThanOrEqual(budget);
  expect(cost).toBeGreaterThan(0.99 * budget);
  const bits = chosen.map(({ name }) => Number(name));
  expect(bits).toEqual(bits.toSorted((a, b) => a - b));
});
