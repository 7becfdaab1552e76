import { expect, test } from "vitest";
import { interTokenSecondsOf, tokensPerSecondOf } from "../../sdk/inference/timeline.ts";

test("tokens a second are all tokens over the time of the last", () => {
  expect(tokensPerSecondOf({ tokensCount: 4, tokenSeconds: [0.5, 1, 1.5, 2] })).toBe(2);
  expect(tokensPerSecondOf({ tokensCount: 100, tokenSeconds: [0.5] })).toBe(200);
});

test("a timeline without a token has no rate", () => {
  expect(tokensPerSecondOf({ tokensCount: 4, tokenSeconds: [] })).toBeNull();
});

test("the time from token to token counts from the start", () => {
  expect(interTokenSecondsOf({ tokenSeconds: [0.5, 0.75, 2] })).toEqual([0.5, 0.25, 1.25]);
});
