import { accessSync, constants, existsSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { NotebookError } from "./errors.ts";

/** A text as nbformat keeps it: whole, or as its lines. */
export type MultilineText = string | readonly string[];

/** An output of a cell; its fields are those of nbformat. */
export type CellOutput =
  | { readonly output_type: "stream"; readonly name: string; text: string }
  | { readonly output_type: "error"; readonly ename: string; readonly evalue: string; readonly traceback: unknown }
  | { readonly output_type: "display_data"; data: unknown; metadata: unknown }
  | { readonly output_type: "execute_result"; readonly execution_count: number; data: unknown; metadata: unknown };

/** A cell that can be run. */
export interface CodeCell {
  readonly cell_type: "code";
  readonly id?: string;
  readonly source: MultilineText;
  readonly metadata: { readonly tags?: readonly string[] };
  outputs: CellOutput[];
  execution_count: number | null;
}

/** A notebook as nbformat 4 keeps it. */
export interface Notebook {
  readonly cells: readonly (CodeCell | { readonly cell_type: "markdown" | "raw" })[];
  readonly metadata: Record<string, unknown>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** The text of a source or output. */
export const textOf = (text: MultilineText): string => (typeof text === "string" ? text : text.join(""));

/** The cells that can be run, in order. */
export function codeCellsOf({ cells }: Notebook): readonly CodeCell[] {
  return cells.filter((cell) => cell.cell_type === "code");
}

/**
 * Reads a notebook.
 * @throws {NotebookError} `notebook-unreadable`, `notebook-malformed`
 */
export function readNotebook(path: string): Notebook {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const message = `${path} cannot be read: ${(cause as Error).message}. Name a notebook that exists.`;
    throw new NotebookError("notebook-unreadable", message, { facts: { path }, cause });
  }
  return parseNotebook(text, path);
}

/**
 * Reads the text of a notebook.
 * @throws {NotebookError} `notebook-malformed`
 * @see https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export function parseNotebook(text: string, source = "the notebook"): Notebook {
  const malformed = (found: string, cause?: unknown): NotebookError => {
    const message = `${source} is no notebook of nbformat 4: ${found}. Save it anew with Jupyter.`;
    return new NotebookError("notebook-malformed", message, { facts: { source }, cause });
  };
  let notebook: Partial<Notebook> | null;
  try {
    notebook = JSON.parse(text) as Partial<Notebook> | null;
  } catch (cause) {
    throw malformed((cause as Error).message, cause);
  }
  if (notebook?.nbformat !== 4) throw malformed(`"nbformat" is ${JSON.stringify(notebook?.nbformat)}`);
  if (!Array.isArray(notebook.cells)) throw malformed('it has no list of "cells"');
  const strange = notebook.cells.findIndex((cell) => !isCell(cell));
  if (strange !== -1) throw malformed(`its cell ${strange + 1} has no "cell_type" and "source"`);
  const cells = (notebook.cells as Partial<CodeCell>[]).map((cell) => ({ ...cell, metadata: cell.metadata ?? {} }));
  return { ...notebook, cells, metadata: notebook.metadata ?? {} } as Notebook;
}

function isCell(cell: unknown): boolean {
  if (typeof cell !== "object" || cell === null) return false;
  const { cell_type: type, source } = cell as Partial<CodeCell>;
  return typeof type === "string" && (typeof source === "string" || Array.isArray(source));
}

/** The text of a notebook as Jupyter writes it: keys in order, texts as lines, so that a difference is easy to read. */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type !== "code") return cell;
    return { ...cell, outputs: cell.outputs.map(outputAsLines) };
  });
  return `${JSON.stringify({ ...notebook, cells }, sortKeys, 1)}\n`;
}

/**
 * The file that a notebook at this path is written to: where the path is a link, what it leads to.
 * @throws {NotebookError} `notebook-not-writable`
 */
export function writablePath(path: string): string {
  try {
    const target = existsSync(path) ? realpathSync(path) : resolve(path);
    accessSync(dirname(target), constants.W_OK);
    return target;
  } catch (cause) {
    const message = `${path} cannot be written: ${(cause as Error).message}. Name a folder that exists and may be written to.`;
    throw new NotebookError("notebook-not-writable", message, { facts: { path }, cause });
  }
}

/** Writes a notebook; whoever reads the file meanwhile sees the old one or the new one. */
export function writeNotebook(path: string, notebook: Notebook): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, formatNotebook(notebook));
  renameSync(draft, path);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const linesOf = (text: string): readonly string[] => text.split(/(?<=\n)/).filter((line) => line !== "");

function outputAsLines(output: CellOutput): unknown {
  if (output.output_type === "stream") return { ...output, text: linesOf(output.text) };
  if (output.output_type === "error") return output;
  return { ...output, data: Object.fromEntries(Object.entries(output.data as object).map(dataAsLines)) };
}

function dataAsLines([type, value]: [string, unknown]): [string, unknown] {
  const isText = type.startsWith("text/") || type === "application/javascript" || type === "image/svg+xml";
  return [type, isText && typeof value === "string" ? linesOf(value) : value];
}
