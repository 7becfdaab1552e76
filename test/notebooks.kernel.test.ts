import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { executeNotebook, installKernel, textOf, type ExecutedCell } from "./tools/executeNotebook.ts";

const root = resolve(import.meta.dirname, "..");
const outputFolder = join(root, "numalab-out/notebooks");
mkdirSync(outputFolder, { recursive: true });
const scratch = mkdtempSync(join(outputFolder, "scratch-"));
const notebooks = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));

/** A notebook of these cells, executed. */
function executeCells(name: string, sources: readonly string[]): Promise<ExecutedCell[]> {
  const cells = sources.map((source, index) => {
    return { cell_type: "code", id: `cell-${index}`, source, metadata: {}, outputs: [], execution_count: null };
  });
  const path = join(scratch, `${name}.ipynb`);
  writeFileSync(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return executeNotebook(path, join(scratch, "executed"));
}

/** Whether the last line of a cell shows something: `await display(…)`, `display.html(…)`. */
function endsInDisplay({ source }: ExecutedCell): boolean {
  return /^(await )?(\w+\.)?display(\.\w+)?\(/.test(source.trim().split("\n").at(-1) ?? "");
}

beforeAll(installKernel);
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

describe.for(notebooks)("%s", (name) => {
  let executed: Promise<ExecutedCell[]> | undefined;
  const executedCells = () => (executed ??= executeNotebook(join(root, "notebooks", name), outputFolder));

  test("runs from the first cell to the last", { timeout: 1_200_000 }, async () => {
    expect((await executedCells()).length).toBeGreaterThan(0);
  });

  test("prints no error and no warning", async () => {
    const outputs = (await executedCells()).flatMap((cell) => cell.outputs);
    expect(outputs.filter(({ output_type, name }) => output_type === "error" || name === "stderr")).toEqual([]);
  });

  test("shows HTML wherever a cell ends in a display", async () => {
    const displaying = (await executedCells()).filter(endsInDisplay);
    expect(displaying.length).toBeGreaterThan(0);
    const blank = displaying.filter(({ outputs }) => !outputs.some(({ data }) => data?.["text/html"]));
    expect(blank.map(({ source }) => source)).toEqual([]);
  });

  test("shows no undefined and no NaN", async () => {
    expect((await executedCells()).map(textOf).filter((text) => /\b(undefined|NaN)\b/.test(text))).toEqual([]);
  });
});

describe("tslab", () => {
  test("imports the built package and shows this machine", async () => {
    const [, shown, typed] = await executeCells("machine", [
      'import { probeTopology } from "numalab/topology";\nimport { display } from "tslab";',
      "const machine = await probeTopology();\ndisplay.html(`<b>${machine.architecture}</b>`);",
      "const packages: number = machine.packages;\npackages",
    ]);
    expect(shown?.outputs[0]?.data?.["text/html"]?.join("")).toMatch(/^<b>\w+<\/b>$/);
    expect(Number(textOf(typed!))).toBeGreaterThan(0);
  });

  test("fails a notebook whose cell throws, and says which", async () => {
    const executed = executeCells("throws", ["const answer = 42;", 'throw new Error("no answer");']);
    await expect(executed).rejects.toThrow("Error: no answer");
  });

  test("fails a notebook whose types are wrong", async () => {
    const executed = executeCells("types", ['import { topology } from "numalab";', 'topology.probeTopology("x".y);']);
    await expect(executed).rejects.toThrow("Property 'y' does not exist");
  });
});
