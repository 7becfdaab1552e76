import { expect, test } from "vitest";
import { flawOf, logProbabilitiesOf, logProbabilityOf, topTokenOf } from "../../sdk/inference/logits.ts";

test("probabilities are shares of the exponentials, however large the logits", () => {
  const logits = Float32Array.of(Math.log(1), Math.log(2), Math.log(5)).map((logit) => logit + 1000);
  const probabilities = [...logProbabilitiesOf(logits)].map(Math.exp);
  expect(probabilities[0]).toBeCloseTo(0.125, 4);
  expect(probabilities[2]).toBeCloseTo(0.625, 4);
  expect(Math.exp(logProbabilityOf(logits, 1))).toBeCloseTo(0.25, 4);
});

test("the top token is the first of the largest", () => {
  expect(topTokenOf(Float32Array.of(-3, -1, -2, -1))).toBe(1);
});

test("logits that are not finite or all equal are no model's", () => {
  expect(flawOf(Float32Array.of(1, NaN, Infinity))).toBe("2 of 3 logits are not finite");
  expect(flawOf(Float32Array.of(0, 0, 0))).toBe("all 3 logits are 0");
  expect(flawOf(Float32Array.of(0, 0, 1))).toBeNull();
});
