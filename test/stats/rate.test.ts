import { expect, test } from "vitest";
import { rateOf } from "../../sdk/stats/index.ts";

test("a rate is a count over its time, and unknown without time", () => {
  expect(rateOf(10, 4)).toBe(2.5);
  expect(rateOf(10, 0)).toBeNull();
  expect(rateOf(10, undefined)).toBeNull();
});
