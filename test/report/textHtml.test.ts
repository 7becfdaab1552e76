import fc from "fast-check";
import { expect, test } from "vitest";
import { textHtml } from "../../sdk/report/textHtml.ts";

test("paragraphs, lists, strong and code are all the Markdown there is", () => {
  expect(textHtml("# One **two**\n\n- a `b<c`\n- d\n\n[no](link)\n")).toBe(
    "<p># One <strong>two</strong></p>\n<ul><li>a <code>b&lt;c</code></li><li>d</li></ul>\n<p>[no](link)</p>",
  );
});

test("code is shown as it is written", () => {
  const html = "<p><code>**a**</code> and <strong>b <code>c</code></strong></p>";
  expect(textHtml("`**a**` and **b `c`**")).toBe(html);
});

test("no text makes another element or an attribute", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "<", ">", '"', "'", "&", "`", "*", "\n", "-", " ") }),
      (text) => {
        expect(textHtml(text).replace(/<\/?(p|ul|li|strong|code)>/g, "")).not.toMatch(/[<>"']/);
      },
    ),
  );
});
