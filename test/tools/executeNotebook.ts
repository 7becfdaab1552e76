import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
const dataFolder = join(root, "numalab-out/jupyter");

/** One output of a cell, as the notebook format keeps it. */
interface CellOutput {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
  readonly name?: "stdout" | "stderr";
  readonly text?: readonly string[];
  readonly data?: Readonly<Record<string, readonly string[]>>;
}

/** A code cell after it ran. */
export interface ExecutedCell {
  readonly source: string;
  readonly outputs: readonly CellOutput[];
}

interface NotebookCell {
  readonly cell_type: "code" | "markdown" | "raw";
  readonly source: readonly string[];
  readonly outputs: readonly CellOutput[];
}

/** Writes the kernelspec of tslab to where `executeNotebook` looks for it. */
export async function installKernel(): Promise<void> {
  const command = [join(root, "node_modules/tsx/dist/cli.mjs"), join(root, "kernels/tslab/install.ts"), dataFolder];
  await run(process.execPath, command);
}

/**
 * Executes a notebook under tslab, in the notebook's own folder, and keeps the executed copy in the output folder.
 * Its code cells, with their outputs.
 * @throws when a cell fails or output gets lost; the message holds the cell and what it printed.
 */
export async function executeNotebook(path: string, outputFolder: string): Promise<ExecutedCell[]> {
  mkdirSync(outputFolder, { recursive: true });
  const copy = join(outputFolder, basename(path));
  const { stderr } = await run(
    join(root, ".venv/bin/jupyter-execute"),
    ["--kernel_name=tslab", "--timeout=600", `--output=${copy}`, path],
    { env: { ...process.env, JUPYTER_PATH: dataFolder }, maxBuffer: 2 ** 26 },
  );
  if (stderr.includes("Timeout waiting for IOPub")) throw new Error(`${path} printed more than the kernel could send`);
  const { cells } = JSON.parse(readFileSync(copy, "utf8")) as { cells: NotebookCell[] };
  const codeCells = cells.filter((cell) => cell.cell_type === "code");
  return codeCells.map(({ source, outputs }) => ({ source: source.join(""), outputs }));
}

/** All that a cell shows as plain text. */
export function textOf(cell: ExecutedCell): string {
  return cell.outputs.flatMap((output) => [...(output.text ?? []), ...(output.data?.["text/plain"] ?? [])]).join("");
}
