import fc from "fast-check";
import { expect, test } from "vitest";
import { codePointsBefore, offsetOf } from "../../../../kernels/typescript/server/codePoints.ts";

test("a character outside the basic plane is one code point and two UTF-16 units", () => {
  expect(offsetOf("a😀b", 2)).toBe(3);
  expect(codePointsBefore("a😀b", 3)).toBe(2);
});

test("positions beyond the end are the end", () => {
  expect(offsetOf("ab", 9)).toBe(2);
  expect(codePointsBefore("ab", 9)).toBe(2);
});

test("a position that is converted and back is the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(), (text, seed) => {
      const position = seed % (Array.from(text).length + 1);
      expect(codePointsBefore(text, offsetOf(text, position))).toBe(position);
    }),
  );
});
