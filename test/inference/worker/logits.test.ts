import { expect, test } from "vitest";
import { logProbabilitiesOf, logProbabilityOf } from "../../../sdk/inference/worker/logits.ts";

test("probabilities are shares of the exponentials, however large the logits", () => {
  const logits = Float32Array.of(Math.log(1), Math.log(2), Math.log(5)).map((logit) => logit + 1000);
  const probabilities = [...logProbabilitiesOf(logits)].map(Math.exp);
  expect(probabilities[0]).toBeCloseTo(0.125, 4);
  expect(probabilities[2]).toBeCloseTo(0.625, 4);
  expect(Math.exp(logProbabilityOf(logits, 1))).toBeCloseTo(0.25, 4);
});
