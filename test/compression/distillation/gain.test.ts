import { expect, it } from "vitest";
import { distillationGainOf } from "../../../sdk/compression/distillation/gain.ts";

const rowOf = (aloneRatio: number, distilledRatio: number, randomSeed: number) => {
  return { randomSeed, chanceRatio: 0.25, teacherRatio: 0.9, aloneRatio, distilledRatio, articleRatio: null };
};

it("the gain is the mean difference of pairs, with an interval from three on", () => {
  const gain = distillationGainOf([rowOf(0.5, 0.56, 1), rowOf(0.4, 0.44, 2), rowOf(0.45, 0.5, 3)]);
  expect(gain.estimate).toBeCloseTo(0.05);
  expect(gain.low).toBeGreaterThan(0);
  expect(distillationGainOf([rowOf(0.5, 0.4, 1)])).toMatchObject({ low: null, count: 1 });
});
