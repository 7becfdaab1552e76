import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeNotebook } from "../../tools/executeNotebook.ts";
import { type LabServer, startLab } from "./labServer.ts";
import { findBrowser, type NotebookPage, openNotebook, startBrowser } from "./notebookPage.ts";

const outputFolder = resolve(import.meta.dirname, "../../../numalab-out/jupyterlab");
mkdirSync(outputFolder, { recursive: true });
const folder = mkdtempSync(join(outputFolder, "notebooks-"));
const kernel = process.env["DEVKERNEL"] ?? "numalab";

const sources = [
  `import { probeTopology } from "numalab/topology";
import { figureOf } from "numalab/plot";
import { toFrame } from "numalab/frame";
import { display } from "numalab/report";
const machine = await probeTopology();`,
  `await display(figureOf({
  data: [{ type: "scatter", mode: "lines+markers", x: [1, 2, 4], y: [10, 19, 31] }],
  layout: { title: { text: "Tokens a second" }, height: 320 },
}));`,
  "await display([{ threadsCount: 1, tokensPerSecond: 10 }, { threadsCount: 2, tokensPerSecond: 19 }]);",
];

const browserPath = findBrowser();

describe.skipIf(browserPath === null)("JupyterLab with our kernel", () => {
  let lab: LabServer;
  let browser: Browser;
  let notebook: NotebookPage;

  const screenshot = (name: string) => notebook.page.screenshot({ path: join(outputFolder, `${name}.png`) });

  beforeAll(async () => {
    writeNotebook(join(folder, "tour.ipynb"), sources, kernel);
    [lab, browser] = await Promise.all([startLab(folder), startBrowser(browserPath!)]);
    notebook = await openNotebook(browser, lab.urlOf("tour.ipynb"));
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await lab[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  test("runs all cells and shows a live figure, which tells a value where the mouse is", async () => {
    await notebook.runAll();
    const chart = notebook.cells.nth(1).locator(".js-plotly-plot");
    await chart.locator(".scatterlayer .point").nth(1).waitFor();
    await chart.locator(".scatterlayer .point").nth(1).hover({ force: true });
    await expect.poll(() => chart.locator(".hoverlayer").textContent()).toContain("19");
    await screenshot("live");
  });

  test("shows a frame as a table", async () => {
    const table = notebook.cells.nth(2).locator(".jp-OutputArea-output table");
    expect(await table.locator("tbody tr").count()).toBe(2);
    expect(await table.innerText()).toContain("19");
  });

  test("completes members from their types", async () => {
    await notebook.addCell("machine.pack");
    await notebook.page.keyboard.press("Tab");
    const popup = notebook.page.locator(".jp-Completer");
    await popup.waitFor();
    await expect.poll(() => popup.innerText()).toContain("packageList");
    await screenshot("completion");
    await notebook.page.keyboard.press("Escape");
  });

  test("stops a busy cell by its button and keeps the variables", async () => {
    const cell = await notebook.addCell("while (true) {}");
    await notebook.page.keyboard.press("Control+Enter");
    await cell.locator(".jp-InputPrompt", { hasText: "[*]" }).waitFor();
    await notebook.page.locator('[data-command="notebook:interrupt-kernel"], [title^="Interrupt"]').first().click();
    await notebook.waitForPrompt(cell);
    expect(await notebook.run("machine.packages > 0")).toContain("true");
    await screenshot("interrupted");
  });

  test("restarts into a session without variables", async () => {
    await notebook.choose("Kernel", "Restart Kernel…");
    await notebook.page.locator(".jp-Dialog button.jp-mod-accept").click();
    await notebook.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').first().waitFor();
    expect(await notebook.run("typeof machine")).toContain("undefined");
    await screenshot("restarted");
  });

  test("shows static images where the notebook is not trusted", async () => {
    await notebook.page.keyboard.press("Control+s");
    const saved = join(folder, "tour.ipynb");
    await expect.poll(() => readFileSync(saved, "utf8")).toContain("application/vnd.plotly.v1+json");
    const foreign = JSON.parse(readFileSync(saved, "utf8")) as { metadata: Record<string, unknown> };
    foreign.metadata["title"] = "written elsewhere";
    writeFileSync(join(folder, "foreign.ipynb"), JSON.stringify(foreign));

    await notebook.page.close();
    notebook = await openNotebook(browser, lab.urlOf("foreign.ipynb"));
    const image = notebook.cells.nth(1).locator('.jp-OutputArea-output img[src^="data:image/svg+xml"]');
    await image.waitFor();
    expect(await image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBeGreaterThan(300);
    expect(await notebook.page.locator(".js-plotly-plot").count()).toBe(0);
    await screenshot("untrusted");
  });
});
