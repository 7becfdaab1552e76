import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type Locator, type Page } from "playwright-core";

const browserNames = ["chromium", "chromium-browser", "google-chrome"];

/** The first browser on the PATH that can be driven; null when there is none. */
export function findBrowser(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const paths = browserNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Starts that browser without a screen. */
export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}

/** A notebook that is open in JupyterLab. */
export interface NotebookPage {
  readonly page: Page;
  readonly cells: Locator;
  /** Runs every cell, and waits for the last. */
  runAll(): Promise<void>;
  /** Adds a cell at the end, with that code, and leaves the cursor behind it. */
  addCell(code: string): Promise<Locator>;
  /** Adds a cell and runs it; what it shows. */
  run(code: string): Promise<string>;
  /** Chooses from JupyterLab's menu, such as `Kernel`, `Interrupt Kernel`. */
  choose(menu: string, item: string): Promise<void>;
  waitForPrompt(cell: Locator): Promise<void>;
}

/** Waits until the status bar shows a kernel that is idle. */
export async function waitForKernel(page: Page): Promise<void> {
  await page.getByText(/^TypeScript \(.*\) \| Idle$/).waitFor();
}

/** Opens a notebook and waits for its kernel. */
export async function openNotebook(browser: Browser, url: string): Promise<NotebookPage> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1500 } });
  page.setDefaultTimeout(15_000);
  await page.goto(url);
  const cells = page.locator(".jp-Notebook .jp-CodeCell");
  await cells.first().waitFor({ timeout: 40_000 });
  await waitForKernel(page);

  const waitForPrompt = async (cell: Locator) => {
    await cell.locator(".jp-InputPrompt", { hasText: /\[\d+\]/ }).waitFor();
  };
  const choose = async (menu: string, item: string) => {
    await page.locator(".lm-MenuBar-item", { hasText: menu }).click();
    await page.locator(".lm-Menu-item", { hasText: item }).first().click();
  };
  const addCell = async (code: string) => {
    await cells.last().locator(".jp-InputPrompt").click();
    await page.keyboard.press("b");
    await page.keyboard.press("Enter");
    await page.keyboard.insertText(code);
    return cells.last();
  };
  return {
    page,
    cells,
    choose,
    addCell,
    waitForPrompt,
    async runAll() {
      const prompt = cells.last().locator(".jp-InputPrompt");
      const before = await prompt.innerText();
      await choose("Run", "Run All Cells");
      await prompt.filter({ hasText: /\[\d+\]/, hasNotText: before }).waitFor();
    },
    async run(code) {
      const cell = await addCell(code);
      await page.keyboard.press("Control+Enter");
      await waitForPrompt(cell);
      return (await cell.locator(".jp-OutputArea-output").allInnerTexts()).join("\n");
    },
  };
}
