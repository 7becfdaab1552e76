import { execFileSync } from "node:child_process";
import { displaySymbol, figureHtml, figureOf, libraryHtml } from "numalab/plot";
import { expect, test } from "vitest";

const spec = { data: [{ type: "scatter", y: [1, 2] }], layout: { title: { text: "</script><b>Ours" } } };
const figure = figureOf(spec);

/** Makes jsdom impossible to find in a process that preloads it. */
const hideJsdom = `data:text/javascript,${encodeURIComponent(`
  import { register } from "node:module";
  const hook = (name, context, next) => {
    if (name === "jsdom") throw Object.assign(new Error("hidden"), { code: "ERR_MODULE_NOT_FOUND" });
    return next(name, context);
  };
  register("data:text/javascript," + encodeURIComponent("export const resolve = " + hook));
`)}`;

test("the first bundle of a process carries plotly.js once, a later one refers to it", async () => {
  const [first, second] = [await figure[displaySymbol](), await figure[displaySymbol]()];
  expect(first["text/html"].length).toBeGreaterThan(1_500_000);
  expect(second["text/html"].length).toBeLessThan(50_000);
  expect(first["text/html"].startsWith(second["text/html"])).toBe(true);
  expect(second["application/vnd.plotly.v1+json"]).toMatchObject(spec);
  expect(second["text/plain"]).toMatch(/^Figure: <\/script><b>Ours/);
});

test("nothing in a figure can end the script element that holds it", async () => {
  const html = await figureHtml(figure);
  expect(html.match(/<\/script>/g)).toHaveLength(1);
  expect(html).not.toContain("<b>");
});

test("the library's script holds no address and can be read back", async () => {
  const html = await libraryHtml();
  expect(html).not.toMatch(/https?:/);
  expect(html.length).toBeLessThan(2_100_000);
});

test("a figure is a picture with its text, the same each time", async () => {
  const bundle = await figureOf({ ...spec, layout: { title: { text: "Ours" } } })[displaySymbol]();
  expect(await figureHtml(figure)).toBe(await figureHtml(figure));
  expect(bundle["image/svg+xml"]).toMatch(/^<svg [^>]*width="912".*Ours/s);
  expect(bundle["text/html"]).toContain('<img alt="Figure: Ours" src="data:image/svg+xml;base64,');
});

test("where jsdom is missing a figure says why it is no picture", () => {
  const script = `
    import { displaySymbol, figureOf } from "numalab/plot";
    const { data, layout } = JSON.parse(process.argv[1]);
    const bundle = await figureOf({ data, layout })[displaySymbol]();
    console.log(JSON.stringify([Object.keys(bundle), bundle["text/plain"]]));
  `;
  const flags = ["--import", hideJsdom, "--input-type=module", "--eval", script, JSON.stringify(spec)];
  const [types, text] = JSON.parse(execFileSync(process.execPath, flags, { encoding: "utf8" })) as [string[], string];
  expect(types).not.toContain("image/svg+xml");
  expect(text).toContain("jsdom is not installed");
});
