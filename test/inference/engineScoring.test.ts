import { expect, test } from "vitest";
import { chunksOf, perplexityOf } from "../../sdk/inference/engineScoring.ts";

test("each whole chunk begins as every text does, and its second half is counted", () => {
  expect(chunksOf([5, 6, 7, 8, 9, 10, 11, 12, 13], 4, 1)).toEqual([
    { tokens: [1, 6, 7, 8], firstIndex: 3 },
    { tokens: [1, 10, 11, 12], firstIndex: 3 },
  ]);
  expect(chunksOf([5, 6, 7, 8], 4, undefined)).toEqual([{ tokens: [5, 6, 7, 8], firstIndex: 3 }]);
});

test("a perplexity is the inverse of the geometric mean of the probabilities", () => {
  const { perplexity, standardError, countedTokensCount } = perplexityOf([0.25, 0.25, 0.25].map(Math.log));
  expect(perplexity).toBeCloseTo(4, 12);
  expect(standardError).toBeCloseTo(0, 12);
  expect(countedTokensCount).toBe(3);
});
