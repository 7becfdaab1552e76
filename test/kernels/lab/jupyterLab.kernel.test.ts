import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type CellOutput,
  type ExecutedCell,
  executeNotebook,
  installKernels,
  readCells,
  runInLab,
  writeNotebook,
} from "../../tools/executeNotebook.ts";
import { type LabServer, startLab } from "./labServer.ts";
import { findBrowser, type NotebookPage, openNotebook, startBrowser, waitForKernel } from "./notebookPage.ts";

const outputFolder = resolve(import.meta.dirname, "../../../numalab-out/jupyterlab");
mkdirSync(outputFolder, { recursive: true });
const folder = mkdtempSync(join(outputFolder, "notebooks-"));
const saved = join(folder, "tour.ipynb");

const sources = [
  `import { probeTopology } from "numalab/topology";
import { figureOf } from "numalab/plot";
import { DataFrame } from "numalab/frame";
const machine = await probeTopology();
console.log("one machine");`,
  `figureOf({
  data: [{ type: "scatter", mode: "lines+markers", x: [1, 2, 4], y: [10, 19, 31] }],
  layout: { title: { text: "Tokens a second" }, height: 320 },
})`,
  "new DataFrame([{ threadsCount: 1, tokensPerSecond: 10 }, { threadsCount: 2, tokensPerSecond: 19 }])",
  'console.error("a warning");',
  `for (let line = 0; line < 20; line++) console.log(line);
const shown = display.markdown("**first**");
shown.update({ "text/markdown": "**second**" }, { raw: true });
({ answer: 42 })`,
];

const browserPath = findBrowser();

/** The cell with streams that follow each other made one, which some programs do and others do not. */
function withWholeStreams(cell: ExecutedCell): ExecutedCell {
  const outputs: CellOutput[] = [];
  for (const output of cell.outputs) {
    const last = outputs.at(-1);
    const isMore = output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name;
    if (isMore) outputs[outputs.length - 1] = { ...last, text: `${last.text ?? ""}${output.text ?? ""}` };
    else outputs.push(output);
  }
  return { ...cell, outputs };
}

describe.skipIf(browserPath === null)("JupyterLab with our kernel", () => {
  let lab: LabServer;
  let browser: Browser;
  let notebook: NotebookPage;

  const screenshot = (name: string) => notebook.page.screenshot({ path: join(outputFolder, `${name}.png`) });

  beforeAll(async () => {
    await installKernels();
    writeNotebook(saved, sources);
    [lab, browser] = await Promise.all([startLab(folder), startBrowser(browserPath!)]);
    notebook = await openNotebook(browser, lab.urlOf("tour.ipynb"));
  }, 120_000);

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await screenshot("failed");
  });

  afterAll(async () => {
    await browser.close();
    await lab[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** What the figure tells where the mouse is on its second point. */
  async function hoverText(): Promise<string> {
    const chart = notebook.cells.nth(1).locator(".js-plotly-plot");
    const point = chart.locator(".scatterlayer .point").nth(1);
    await point.waitFor();
    const label = chart.locator(".hoverlayer .hovertext");
    await expect
      .poll(async () => {
        await point.hover({ force: true });
        return label.count();
      })
      .toBe(1);
    return (await label.textContent()) ?? "";
  }

  test("runs all cells and shows a live figure, which tells a value where the mouse is", async () => {
    await notebook.runAll();
    expect(await hoverText()).toContain("19");
    await screenshot("live");
  });

  test("saves what nbclient, papermill and nbconvert give", { timeout: 90_000 }, async () => {
    await notebook.page.keyboard.press("Control+s");
    await expect.poll(() => readFileSync(saved, "utf8")).toContain("vnd.plotly");
    const interactive = readCells(saved).map(withWholeStreams);
    const executed = join(folder, "executed");
    mkdirSync(executed);
    const nbconvert = ["--to", "notebook", "--execute", "--output-dir", executed, "--output", "nbconvert"];
    await Promise.all([
      executeNotebook(saved, executed),
      runInLab("papermill", ["--kernel", "numalab", saved, join(executed, "papermill.ipynb")]),
      runInLab("jupyter-nbconvert", [...nbconvert, saved]),
    ]);
    for (const name of ["tour", "papermill", "nbconvert"]) {
      expect(readCells(join(executed, `${name}.ipynb`)).map(withWholeStreams), name).toEqual(interactive);
    }
  });

  test("shows a frame as a table", async () => {
    const table = notebook.cells.nth(2).locator(".jp-OutputArea-output table");
    expect(await table.locator("tbody tr").count()).toBe(2);
    expect(await table.innerText()).toContain("19");
  });

  test("shows live figures in a notebook that ran again and was opened again", async () => {
    await notebook.runAll();
    await notebook.page.keyboard.press("Control+s");
    await notebook.page.locator(".jp-Notebook.jp-mod-dirty, .jp-mod-dirty").waitFor({ state: "detached" });
    await notebook.page.close();
    notebook = await openNotebook(browser, lab.urlOf("tour.ipynb"));
    expect(await hoverText()).toContain("19");
    await screenshot("reopened");
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
    await waitForKernel(notebook.page);
    expect(await notebook.run("typeof machine")).toContain("undefined");
    await screenshot("restarted");
  });

  test("shows static images where the notebook is not trusted", async () => {
    const foreign = JSON.parse(readFileSync(saved, "utf8")) as { metadata: Record<string, unknown> };
    foreign.metadata["title"] = "written elsewhere";
    writeFileSync(join(folder, "foreign.ipynb"), JSON.stringify(foreign));

    await notebook.page.close();
    notebook = await openNotebook(browser, lab.urlOf("foreign.ipynb"));
    const image = notebook.cells.nth(1).locator('.jp-OutputArea-output img[src^="data:image/svg+xml"]');
    await image.waitFor();
    expect((await image.boundingBox())?.width).toBeGreaterThan(300);
    expect(await notebook.page.locator(".js-plotly-plot").count()).toBe(0);
    await screenshot("untrusted");
  });
});
