import { expect, test } from "vitest";
import { escapeHtml } from "../../sdk/units/escape.ts";

test("nothing in an escaped text ends an element or a quoted attribute", () => {
  expect(escapeHtml(`<b title="a" lang='b'>&`)).toBe("&lt;b title=&quot;a&quot; lang=&#39;b&#39;&gt;&amp;");
});
