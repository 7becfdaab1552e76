import { expect, it } from "vitest";
import { learningRateAt } from "../../sdk/training/schedule.ts";

it("the learning rate grows in a line and falls along a cosine", () => {
  const schedule = { learningRate: 0.01, stepsCount: 110, warmupStepsCount: 10 };
  const rates = [1, 5, 10, 60, 110].map((stepNumber) => learningRateAt(stepNumber, schedule));
  expect(rates.map((rate) => Number(rate.toFixed(4)))).toEqual([0.001, 0.005, 0.01, 0.005, 0]);
});
