import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { executeNotebook, installKernels, shownAs, type ExecutedCell } from "./tools/executeNotebook.ts";

const root = resolve(import.meta.dirname, "..");
const outputFolder = join(root, "numalab-out/notebooks");
const notebooks = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));

/** Whether the last line of a cell shows something: `await display(…)`, `display.html(…)`. */
function endsInDisplay({ source }: ExecutedCell): boolean {
  return /^(await )?(\w+\.)?display(\.\w+)?\(/.test(source.trim().split("\n").at(-1) ?? "");
}

beforeAll(installKernels);

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
    const blank = displaying.filter((cell) => shownAs("text/html", cell) === "");
    expect(blank.map(({ source }) => source)).toEqual([]);
  });

  test("shows no undefined and no NaN", async () => {
    expect(
      (await executedCells())
        .map((cell) => shownAs("text/plain", cell))
        .filter((text) => /\b(undefined|NaN)\b/.test(text)),
    ).toEqual([]);
  });
});
