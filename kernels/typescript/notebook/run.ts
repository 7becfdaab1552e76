import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { kernelArgv } from "../argv.ts";
import { textIn, type JsonObject } from "../protocol/messages.ts";
import { startKernel, type StartedKernel } from "../protocol/start.ts";
import { codeCellsOf, readNotebook, textOf, writablePath, writeNotebook } from "./document.ts";
import type { CodeCell, Notebook } from "./document.ts";
import { NotebookError } from "./errors.ts";
import { runCell, type CellFailure } from "./cell.ts";
import { createRecorder, foldStreams } from "./record.ts";

/** How a notebook is to be run. */
export interface NotebookRunOptions {
  readonly path: string;
  /** Where the executed notebook goes. Default: into the notebook itself. */
  readonly outputPath?: string;
  /** How long one cell may run; null for as long as it takes. */
  readonly timeoutSeconds: number | null;
  /** Whether the cells behind one that fails are run too. Default false. */
  readonly allowErrors?: boolean;
  /** The command of another kernel, as a kernelspec gives it. Default: ours, in the folder of the notebook. */
  readonly kernel?: readonly string[];
  readonly signal?: AbortSignal;
  /** Called before each cell. */
  readonly onCell?: (cellNumber: number, cellsCount: number) => void;
}

/** A cell that failed, and where it is. */
export interface FailedCell extends CellFailure {
  /** Its place among the code cells, from 1. */
  readonly cellNumber: number;
  readonly cellId: string | null;
}

/** How a notebook was run. */
export interface NotebookRun {
  readonly path: string;
  readonly outputPath: string;
  readonly cellsCount: number;
  readonly executedCount: number;
  readonly failures: readonly FailedCell[];
  readonly durationSeconds: number;
}

const main = fileURLToPath(new URL("../main.js", import.meta.url));
const ourKernel = [...kernelArgv({ node: process.execPath, main }), "--wait-for-types"];
const ourLanguages = ["typescript", "javascript"];

/**
 * Runs all code cells of a notebook from the first to the last, and writes their outputs. It stops at the first cell that
 * fails, unless errors are allowed; cells tagged `raises-exception` may fail, cells tagged `skip-execution` are not run.
 * @throws {NotebookError} when there is no such notebook, it is of another language, or its outputs cannot be written
 * @throws {ProtocolError} `kernel-not-started`
 */
export async function runNotebook(options: NotebookRunOptions): Promise<NotebookRun> {
  const startedAt = performance.now();
  const path = resolve(options.path);
  const notebook = readNotebook(path);
  if (options.kernel === undefined) checkLanguage(notebook, path);
  const cells = codeCellsOf(notebook);
  for (const cell of cells) Object.assign(cell, { outputs: [], execution_count: null });
  const { kernel: argv = ourKernel } = options;
  const outputPath = writablePath(options.outputPath ?? path);
  await using kernel = await startKernel({ argv, workingFolder: dirname(path) });
  const run = { executedCount: 0, failures: [] as FailedCell[] };
  try {
    await runCells(kernel, cells, { ...options, run });
  } finally {
    foldStreams(cells);
    Object.assign(notebook.metadata, { language_info: kernel.info["language_info"] });
    writeNotebook(outputPath, notebook);
  }
  run.failures.push(...lateFailures(cells, run.failures));
  options.signal?.throwIfAborted();
  const durationSeconds = (performance.now() - startedAt) / 1000;
  return { path, outputPath, cellsCount: cells.length, ...run, durationSeconds };
}

function checkLanguage({ metadata }: Notebook, path: string): void {
  const { kernelspec, language_info: info } = metadata as Record<string, JsonObject | undefined>;
  const language = textIn(kernelspec ?? {}, "language") || textIn(info ?? {}, "name") || "typescript";
  if (ourLanguages.includes(language.toLowerCase())) return;
  const message = `${path} is written in ${language}, and this kernel runs TypeScript. Run it by the kernel it was written for.`;
  throw new NotebookError("foreign-language", message, { facts: { path, language } });
}

type RunState = NotebookRunOptions & { readonly run: { executedCount: number; readonly failures: FailedCell[] } };

async function runCells({ client }: StartedKernel, cells: readonly CodeCell[], state: RunState): Promise<void> {
  const { signal, timeoutSeconds, onCell, run } = state;
  const recorder = createRecorder();
  const numbered = cells.map((cell, index) => ({ cell, cellNumber: index + 1 }));
  for (const { cell, cellNumber } of numbered.filter(({ cell }) => isRun(cell))) {
    if (signal?.aborted) return;
    onCell?.(cellNumber, cells.length);
    const { failure, canGoOn } = await runCell(client, { cell, recorder, timeoutSeconds, signal });
    run.executedCount += 1;
    if (failure === null || isExpected(cell, canGoOn)) continue;
    run.failures.push({ cellNumber, cellId: cell.id ?? null, ...failure });
    if (state.allowErrors !== true || !canGoOn) return;
  }
}

/** Errors that came to light when the cells that caused them had ended. */
function lateFailures(cells: readonly CodeCell[], known: readonly FailedCell[]): FailedCell[] {
  return cells.flatMap((cell, index) => {
    const error = cell.outputs.find((output) => output.output_type === "error");
    const cellNumber = index + 1;
    if (error === undefined || isExpected(cell, true) || known.some((one) => one.cellNumber === cellNumber)) return [];
    const { ename: name, evalue: message, traceback } = error;
    return [{ cellNumber, cellId: cell.id ?? null, name, message, traceback: traceback as string[] }];
  });
}

const isExpected = (cell: CodeCell, canGoOn: boolean): boolean => canGoOn && hasTag(cell, "raises-exception");

const hasTag = ({ metadata }: CodeCell, tag: string): boolean => metadata.tags?.includes(tag) ?? false;

const isRun = (cell: CodeCell): boolean => textOf(cell.source).trim() !== "" && !hasTag(cell, "skip-execution");
