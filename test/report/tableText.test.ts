import fc from "fast-check";
import { expect, test } from "vitest";
import { tableHtml, tableMarkdown } from "../../sdk/report/index.ts";

const rows = [
  { quant: "Q8_0", synthetic: true, threadsCount: 1024, bandwidthBytesPerSecond: 980e6, decodeRooflineRatio: 0.8 },
  { quant: null, synthetic: false, threadsCount: 2, bandwidthBytesPerSecond: 20e9, decodeRooflineRatio: Number.NaN },
];

test("a column of numbers has one unit, in its heading; missing is a dash", () => {
  expect(tableMarkdown(rows)).toMatchInlineSnapshot(`
    "| Quant | Synthetic | Threads | Bandwidth (GB/s) | Decode roofline (%) |
    |---|---|---:|---:|---:|
    | Q8_0 | yes | 1,024 | 0.98 | 80 |
    | – | no | 2 | 20 | – |"
  `);
});

test("records with different columns and DataFrames are tables too", () => {
  expect(tableMarkdown([{ a: 1 }, { b: "x" }])).toBe("| A | B |\n|---:|---|\n| 1 | – |\n| – | x |");
  expect(tableMarkdown({ columns: ["puIndex", "year"], values: [[1024, 2026]] })).toBe(
    "| PU | Year |\n|---:|---:|\n| 1024 | 2026 |",
  );
  expect(tableHtml([])).toContain("<tbody>");
});

test("no text can leave its cell", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "|", "\n", "<", ">", "&", '"', "\\", "`") });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const html = tableHtml([{ [`${a}x`]: b }]);
      expect(html.match(/<(?!\/?(table|thead|tbody|tr|th|td)\b)/g)).toBeNull();
      const lines = tableMarkdown([{ column: b }]).split("\n");
      expect(lines).toHaveLength(3);
      expect(lines[2]?.replaceAll(/\\[\\|]/g, "").match(/\|/g)).toHaveLength(2);
    }),
  );
});

test("numbers with their interval stand as numbers do: flush right and on one line", () => {
  const html = tableHtml([{ decodeTokensPerSecond: "36.1 [35–36.5]" }, { decodeTokensPerSecond: "–" }]);
  expect(html).toContain('<td class="number">36.1 [35–36.5]</td>');
  expect(tableHtml([{ note: "3 runs" }])).not.toContain("number");
});

test("texts stand flush left where a front end would set them right", () => {
  const html = tableHtml([{ note: "far", distance: 21 }]);
  expect(html).toContain('<td style="text-align:left">far</td><td class="number">21</td>');
});
