import { describe, expect, it } from "vitest";
import { effectiveAlphaOf, teachingWarningsOf } from "../../../sdk/compression/distillation/distillation.ts";

const article = { alpha: 0.7, temperature: 2, isScaled: false };

describe("a teaching", () => {
  it("without the factor T² hears less of the teacher than its alpha says", () => {
    expect(effectiveAlphaOf(article)).toBeCloseTo(0.175 / 0.475);
    expect(effectiveAlphaOf({ ...article, isScaled: true })).toBeCloseTo(0.7);
    expect(teachingWarningsOf(article).map(({ message }) => message)).toEqual([
      "The soft loss is not multiplied by T² = 4: alpha 0.7 weighs about as 0.37 would.",
    ]);
  });

  it("without a temperature is told of", () => {
    const codes = teachingWarningsOf({ ...article, temperature: 1 }).map(({ code }) => code);
    expect(codes).toEqual(["no-temperature"]);
  });

  it("in the right form has no warnings, nor has one without a teacher", () => {
    expect(teachingWarningsOf({ ...article, isScaled: true })).toEqual([]);
    expect(teachingWarningsOf({ ...article, alpha: 0 })).toEqual([]);
  });
});
