import { expect, test } from "vitest";
import { markdownOf, page, type Report } from "../../sdk/report/index.ts";

const report: Report = {
  title: "What <this> machine gives",
  subtitle: 'Example & "9000"',
  sections: [
    {
      heading: "The <answer>",
      blocks: [
        "Use `--threads 2`, it is **fastest**.\nStill the same paragraph.\n\n- one <script>alert(1)</script>\n- two",
        { table: [{ model: "a|b", decodeTokensPerSecond: 36.123, note: "<b>\nsecond line" }], caption: "One & only" },
      ],
    },
  ],
};

const bodyOf = (html: string) => /<main>(.*)<\/main>/s.exec(html)?.[1];

test("a page says what the report says, everything escaped", async () => {
  expect(bodyOf(await page(report))).toMatchInlineSnapshot(`
    "
    <h1>What &lt;this&gt; machine gives</h1>
    <p class="subtitle">Example &amp; &quot;9000&quot;</p>
    <section>
    <h2>The &lt;answer&gt;</h2>
    <p>Use <code>--threads 2</code>, it is <strong>fastest</strong>.
    Still the same paragraph.</p>
    <ul><li>one &lt;script&gt;alert(1)&lt;/script&gt;</li><li>two</li></ul>
    <div class="scroll"><table class="numalab-table"><caption>One &amp; only</caption><thead><tr><th style="text-align:left">Model</th><th class="number">Decode (tokens/s)</th><th style="text-align:left">Note</th></tr></thead><tbody>
    <tr><td style="text-align:left">a|b</td><td class="number">36.1</td><td style="text-align:left">&lt;b&gt;
    second line</td></tr>
    </tbody></table></div>
    </section>
    "
  `);
});

test("a page declares its characters, lets the browser load nothing from outside, and refers to nothing outside", async () => {
  const html = await page(report);
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">/);
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/(src|href)=|https?:|url\(|@import/);
  expect(html).not.toMatch(/<script/);
});

test("a plot's toolbar, which covers its title, is left out of a narrow window and where nothing hovers", async () => {
  expect(await page(report)).toMatch(/@media \(max-width: 600px\), \(hover: none\) \{\s*\.modebar \{ display: none/);
});

test("the Markdown twin has the same words and tables", () => {
  expect(markdownOf(report)).toMatchInlineSnapshot(`
    "# What <this> machine gives

    Example & "9000"

    ## The <answer>

    Use \`--threads 2\`, it is **fastest**.
    Still the same paragraph.

    - one <script>alert(1)</script>
    - two

    One & only

    | Model | Decode (tokens/s) | Note |
    |---|---:|---|
    | a\\|b | 36.1 | &lt;b><br>second line |
    "
  `);
});

test("a report without sections is a title", async () => {
  const empty = { title: "Nothing yet", sections: [] };
  expect(bodyOf(await page(empty))?.trim()).toBe("<h1>Nothing yet</h1>");
  expect(markdownOf(empty)).toBe("# Nothing yet\n");
});
