import { DataFrame, Series } from "numalab/frame";
import { expect, test } from "vitest";

const bundleOf = (shown: object) =>
  (shown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();

test("a frame shows itself as HTML and as text", () => {
  const bundle = bundleOf(new DataFrame({ model: ["a<b"], ttftSeconds: [0.2] }).head(1));
  expect(bundle["text/html"]).toContain("<th>TTFT (ms)</th>");
  expect(bundle["text/html"]).toContain("a&lt;b");
  expect(bundle["text/plain"]).toContain("ttftSeconds");
});

test("a series shows itself with its name", () => {
  const bundle = bundleOf(new DataFrame({ ttftSeconds: [0.2] }).column("ttftSeconds"));
  expect(bundle["text/html"]).toContain("<th>TTFT (ms)</th>");
  expect(bundle["text/plain"]).toContain("0.2");
  expect(bundleOf(new Series([1]))["text/html"]).toContain("<td>1</td>");
});

test("a frame that an object spread or console.log takes apart does not show its display function", () => {
  expect(Object.keys(new DataFrame({ a: [1] })).some((key) => key.includes("display"))).toBe(false);
});
