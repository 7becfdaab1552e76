import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { CodeCell, Notebook } from "../../../../kernels/typescript/notebook/document.ts";
import { runNotebook, type NotebookRunOptions } from "../../../../kernels/typescript/notebook/run.ts";
import { kernelArgv, root } from "../conformance/builtKernel.ts";

const scratch = mkdtempSync(join(tmpdir(), "numalab-notebook-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

type Source = string | { readonly source: string; readonly tags: readonly string[] };

/** Writes a notebook of these cells and runs it; how it went, and the code cells it holds then. */
async function runCells(sources: readonly Source[], options: Partial<NotebookRunOptions> = {}) {
  const path = join(scratch, "notebook.ipynb");
  const cells = sources.map((cell, index) => {
    const { source, tags } = typeof cell === "string" ? { source: cell, tags: [] } : cell;
    const old = [{ output_type: "stream", name: "stdout", text: ["old"] }];
    return { cell_type: "code", id: `cell-${index}`, source, metadata: { tags }, outputs: old, execution_count: 9 };
  });
  const notes = { cell_type: "markdown", id: "notes", metadata: {}, source: "# Notes" };
  writeFileSync(path, JSON.stringify({ cells: [notes, ...cells], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  const run = await runNotebook({ path, timeoutSeconds: 60, kernel: kernelArgv, ...options });
  const notebook = JSON.parse(readFileSync(run.outputPath, "utf8")) as Notebook;
  return { run, path, notebook, cells: notebook.cells.slice(1) as CodeCell[] };
}

test("every cell is run, counted, and keeps its outputs", async () => {
  const { run, cells, notebook } = await runCells([
    "console.log('a');\nconsole.log('b');\nconst two = 2;",
    "",
    "two + 1",
    "const place = display('first');",
    "place.update('second');",
  ]);
  expect(run).toMatchObject({ cellsCount: 5, executedCount: 4, failures: [] });
  expect(cells.map((cell) => cell.execution_count)).toEqual([1, null, 2, 3, 4]);
  expect(cells.map(({ outputs }) => outputs)).toMatchObject([
    [{ output_type: "stream", name: "stdout", text: ["a\n", "b\n"] }],
    [],
    [{ output_type: "execute_result", execution_count: 2, data: { "text/plain": ["3"] } }],
    [{ output_type: "display_data", data: { "text/plain": [expect.stringContaining("second")] } }],
    [],
  ]);
  expect(notebook.metadata).toMatchObject({ language_info: { name: "typescript" } });
});

test("the first cell that fails ends the run, and is named", async () => {
  const { run, cells } = await runCells(["1", "throw new Error('no answer');", "3"]);
  expect(run.executedCount).toBe(2);
  expect(run.failures).toMatchObject([{ cellNumber: 2, cellId: "cell-1", name: "Error", message: "no answer" }]);
  expect(cells[1]!.outputs).toMatchObject([{ output_type: "error", ename: "Error", evalue: "no answer" }]);
  expect(cells[2]).toMatchObject({ outputs: [], execution_count: null });
});

test("an error behind its cell fails the run, and is told of that cell", async () => {
  const late = 'setTimeout(() => { throw new RangeError("late"); }, 10);\n1';
  const { run, cells } = await runCells([late, "await new Promise((resolve) => setTimeout(resolve, 50))"]);
  expect(run).toMatchObject({ executedCount: 2, failures: [{ cellNumber: 1, name: "RangeError", message: "late" }] });
  expect(cells[0]!.outputs).toContainEqual(expect.objectContaining({ output_type: "error", ename: "RangeError" }));
});

test("with errors allowed the rest is run, and every failure told", async () => {
  const { run, cells } = await runCells(["throw new Error('a');", "2", "throw new Error('b');"], { allowErrors: true });
  expect(run.failures.map(({ cellNumber }) => cellNumber)).toEqual([1, 3]);
  expect(cells[1]!.outputs).toHaveLength(1);
});

test("a cell may say that it fails, or that it is not to be run", async () => {
  const { run, cells } = await runCells([
    { source: "throw new Error('meant');", tags: ["raises-exception"] },
    { source: "throw new Error('never');", tags: ["skip-execution"] },
    "3",
  ]);
  expect(run).toMatchObject({ executedCount: 2, failures: [] });
  expect(cells.map(({ outputs }) => outputs.length)).toEqual([1, 0, 1]);
});

test("a cell that takes too long is stopped", async () => {
  const { run, cells } = await runCells(["1", "console.log('begun'); while (true) {}", "3"], { timeoutSeconds: 4 });
  expect(run.failures).toMatchObject([
    { cellNumber: 2, name: "TimeoutError", message: "the cell ran longer than 4 s" },
  ]);
  expect(cells[1]!.outputs[0]).toMatchObject({ text: ["begun\n"] });
  expect(cells[2]).toMatchObject({ outputs: [], execution_count: null });
});

test("a run that is interrupted keeps what was finished", async () => {
  const controller = new AbortController();
  const run = runCells(["1", "await new Promise(() => {})"], {
    signal: controller.signal,
    onCell: (cellNumber) => {
      if (cellNumber === 2)
        setTimeout(() => {
          controller.abort();
        }, 200);
    },
  });
  await expect(run).rejects.toThrow("aborted");
  const { cells } = JSON.parse(readFileSync(join(scratch, "notebook.ipynb"), "utf8")) as Notebook;
  expect((cells[1] as CodeCell).execution_count).toBe(1);
});

test("cells run in the folder of the notebook", async () => {
  writeFileSync(join(scratch, "answer.ts"), "export const answer: number = 42;\n");
  const { cells } = await runCells(["import { answer } from './answer.ts';\nanswer", "process.cwd()"]);
  expect(cells[0]!.outputs).toMatchObject([{ data: { "text/plain": ["42"] } }]);
  expect(cells[1]!.outputs).toMatchObject([{ data: { "text/plain": [`'${scratch}'`] } }]);
});

test("the executed notebook goes where it is asked to, and the original stays", async () => {
  const outputPath = join(scratch, "executed.ipynb");
  const { path } = await runCells(["1"], { outputPath });
  expect(readFileSync(path, "utf8")).toContain("old");
  expect(readFileSync(outputPath, "utf8")).not.toContain("old");
});

test("this package is found, with its types, wherever a notebook lies", async () => {
  const kernel = [...kernelArgv, "--wait-for-types"];
  const code = 'import { parseCpuList } from "numalab/topology";\nparseCpuList("0-3").length';
  const { cells } = await runCells(
    [code, 'typeof require("numalab").units', 'const cpus: string = parseCpuList("1")'],
    {
      kernel,
    },
  );
  expect(cells[0]!.outputs).toMatchObject([{ data: { "text/plain": ["4"] } }]);
  expect(cells[1]!.outputs).toMatchObject([{ data: { "text/plain": ["'object'"] } }]);
  expect(JSON.stringify(cells[2]!.outputs)).toContain("TS2322");
});

test("outputs that could not be written are refused before any cell runs", async () => {
  const cells = runCells([`require("fs").writeFileSync("ran", "")`], { outputPath: join(scratch, "nowhere/x.ipynb") });
  await expect(cells).rejects.toMatchObject({ code: "notebook-not-writable" });
  expect(() => readFileSync(join(scratch, "ran"))).toThrow("ENOENT");
});

test("a link to a notebook stays one, and the notebook gets the outputs", async () => {
  const [path, link] = [join(scratch, "linked.ipynb"), join(scratch, "link.ipynb")];
  const cell = { cell_type: "code", source: "6 * 7", outputs: [] }; // as written by hand: without metadata
  writeFileSync(path, JSON.stringify({ cells: [cell], nbformat: 4, nbformat_minor: 4 }));
  symlinkSync(path, link);
  await runNotebook({ path: link, timeoutSeconds: 60, kernel: kernelArgv });
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(path, "utf8")).toContain("42");
});

test("the type errors of the last cell are kept too", async () => {
  const kernel = [...kernelArgv, "--wait-for-types"];
  const { cells } = await runCells(['const count: number = "three"; count'], { kernel });
  expect(cells[0]!.outputs).toContainEqual(
    expect.objectContaining({
      name: "stderr",
      text: expect.arrayContaining([expect.stringContaining("TS2322")]) as [],
    }),
  );
});

test("a notebook of another language, and a kernel that is not there, are refused", async () => {
  const path = join(scratch, "python.ipynb");
  const metadata = { kernelspec: { name: "python3", language: "python" } };
  writeFileSync(path, JSON.stringify({ cells: [], metadata, nbformat: 4, nbformat_minor: 5 }));
  await expect(runNotebook({ path, timeoutSeconds: null })).rejects.toMatchObject({ code: "foreign-language" });
  const kernel = ["/nowhere/kernel", "{connection_file}"];
  await expect(runNotebook({ path, timeoutSeconds: null, kernel })).rejects.toMatchObject({
    code: "kernel-not-started",
  });
});

test("our own kernel is found without being named", async () => {
  const program = join(root, "dist/kernels/typescript/notebook/run.js");
  const built = (await import(program)) as { runNotebook: typeof runNotebook };
  const path = join(scratch, "own.ipynb");
  const cell = { cell_type: "code", id: "a", source: "6 * 7", metadata: {}, outputs: [], execution_count: null };
  writeFileSync(path, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  expect(await built.runNotebook({ path, timeoutSeconds: 60 })).toMatchObject({ executedCount: 1, failures: [] });
});
