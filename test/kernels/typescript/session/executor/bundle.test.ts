import { expect, test } from "vitest";
import { bundleOf, encodeBundle, plainText } from "../../../../../kernels/typescript/session/executor/bundle.ts";

const displayMethod = Symbol.for("Jupyter.display");

test("a value is shown as text", () => {
  expect(bundleOf("text")).toEqual({ "text/plain": "'text'" });
  expect(bundleOf(new Map([[1, new Set([2])]]))).toEqual({ "text/plain": "Map(1) { 1 => Set(1) { 2 } }" });
  expect(bundleOf(Float64Array.of(1, 2))).toEqual({ "text/plain": "Float64Array(2) [ 1, 2 ]" });
});

test("a value shows itself as it likes, with bytes as base64", async () => {
  expect(bundleOf({ [displayMethod]: () => ({ "image/png": Buffer.from("png") }) })).toEqual({ "image/png": "cG5n" });
  const later = bundleOf({ [displayMethod]: () => Promise.resolve({ "text/html": "<b>" }) });
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toEqual({ "text/html": "<b>" });
});

test("forms that are none are refused in words", () => {
  expect(() => encodeBundle("text")).toThrow(
    "A display needs an object with a value for each MIME type, and got 'text'.",
  );
});

test("a long text is cut and says by how much", () => {
  expect(plainText(Array.from({ length: 100 }, () => "x".repeat(1000)))).toMatch(
    /… \d+ more characters \(console\.log/,
  );
  expect(plainText("x".repeat(1_000_000)).length).toBeLessThan(10_200);
});
