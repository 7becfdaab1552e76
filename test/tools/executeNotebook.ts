import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { installKernelspecs } from "../../kernels/typescript/install.ts";

const root = resolve(import.meta.dirname, "../..");
const dataFolder = join(root, "numalab-out/kernelspecs");

/** The environment in which programs of `.lab` find this checkout's kernels. */
export const labEnvironment = { ...process.env, JUPYTER_PATH: dataFolder };

/** One output of a cell, its lines joined. */
export interface CellOutput {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
  readonly name?: "stdout" | "stderr";
  readonly text?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A code cell after it ran. */
export interface ExecutedCell {
  readonly source: string;
  readonly count: number | null;
  readonly outputs: readonly CellOutput[];
}

type Lines = string | readonly string[];

interface NotebookCell {
  readonly cell_type: "code" | "markdown" | "raw";
  readonly source: Lines;
  readonly execution_count: number | null;
  readonly outputs: readonly (Omit<CellOutput, "text"> & { readonly text?: Lines })[];
}

/** Writes the kernelspecs of this checkout to where `executeNotebook` looks for them. */
export async function installKernels(): Promise<void> {
  await installKernelspecs(dataFolder);
}

/** Writes a notebook of these code cells for a kernel. */
export function writeNotebook(path: string, sources: readonly string[], kernel = "numalab"): void {
  const cells = sources.map((source, index) => {
    return { cell_type: "code", id: `cell-${index}`, source, metadata: {}, outputs: [], execution_count: null };
  });
  const metadata = { kernelspec: { name: kernel, display_name: kernel, language: "typescript" } };
  writeFileSync(path, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
}

const isLines = (value: unknown): value is Lines => [value].flat().every((line) => typeof line === "string");
const joined = (value: unknown) => (isLines(value) ? [value].flat().join("") : value);

function joinedOutput({ text, data, ...rest }: NotebookCell["outputs"][number]): CellOutput {
  const forms = Object.entries(data ?? {}).map(([type, value]) => [type, joined(value)]);
  return {
    ...rest,
    ...(text === undefined ? {} : { text: [text].flat().join("") }),
    ...(data === undefined ? {} : { data: Object.fromEntries(forms) as Record<string, unknown> }),
  };
}

/** The code cells of a notebook file, with their outputs. */
export function readCells(path: string): ExecutedCell[] {
  const { cells } = JSON.parse(readFileSync(path, "utf8")) as { cells: NotebookCell[] };
  return cells
    .filter((cell) => cell.cell_type === "code")
    .map(({ source, execution_count: count, outputs }) => {
      return { source: [source].flat().join(""), count, outputs: outputs.map(joinedOutput) };
    });
}

/** Runs a program of `.lab` with this checkout's kernels; what it printed on standard error. */
export async function runInLab(program: string, words: readonly string[]): Promise<string> {
  const options = { env: labEnvironment, maxBuffer: 2 ** 26 };
  return (await promisify(execFile)(join(root, ".lab/bin", program), words, options)).stderr;
}

/**
 * Executes a notebook in its own folder by nbclient, and keeps the executed copy in the output folder; its code cells.
 * @throws when a cell fails or output gets lost; the message holds the cell and what it printed.
 */
export async function executeNotebook(path: string, outputFolder: string, kernel = "numalab"): Promise<ExecutedCell[]> {
  mkdirSync(outputFolder, { recursive: true });
  const copy = join(outputFolder, basename(path));
  const words = [`--kernel_name=${kernel}`, "--timeout=600", `--output=${copy}`, path];
  const log = await runInLab("jupyter-execute", words);
  if (log.includes("Timeout waiting for IOPub")) throw new Error(`${path} printed more than the kernel could send`);
  return readCells(copy);
}

/** All that a cell shows in that form; its streams are plain text. */
export function shownAs(type: "text/plain" | "text/html", { outputs }: ExecutedCell): string {
  const forms = outputs.map(({ text, data }) => data?.[type] ?? (type === "text/plain" ? text : undefined));
  return forms.filter((form) => typeof form === "string").join("");
}
