import { inspect } from "node:util";
import { displaySymbol, type Table } from "../plot/index.ts";
import { tableHtml, tableMarkdown } from "./tableText.ts";

/** A value in several forms, by MIME type. */
type Bundle = Readonly<Record<string, unknown>>;

interface Displayable {
  readonly [displaySymbol]: () => unknown;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

function isDisplayable(value: unknown): value is Displayable {
  return isObject(value) && displaySymbol in value && typeof value[displaySymbol] === "function";
}

const isRecord = (value: unknown) => isObject(value) && !Array.isArray(value);

function isTable(value: unknown): value is Table {
  if (Array.isArray(value)) return value.length > 0 && value.every(isRecord);
  return isObject(value) && "columns" in value && "values" in value;
}

async function bundleOf(value: unknown): Promise<Bundle> {
  if (isDisplayable(value)) return (await value[displaySymbol]()) as Bundle;
  if (isTable(value)) return { "text/html": tableHtml(value), "text/plain": tableMarkdown(value) };
  return { "text/plain": typeof value === "string" ? value : inspect(value) };
}

/** What the kernels that a cell may run in leave in the global scope. */
interface KernelGlobals {
  /** tslab, an older kernel; it takes one MIME type at a time. */
  readonly __tslab__?: { require(name: "tslab"): { display: { raw(type: string, content: unknown): void } } };
  /** Our own kernel, and any other that shows a value by its display method. */
  readonly display?: (value: Displayable) => unknown;
}

const richestFirst = ["text/html", "image/svg+xml", "text/plain"];

/**
 * Shows a value in the running front end, richest form first: in a notebook as HTML, otherwise as text on stdout.
 * Values that know how to show themselves do so; records and DataFrames become a table; anything else is text.
 */
export async function display(value: unknown): Promise<void> {
  const bundle = await bundleOf(value);
  const { __tslab__: tslab, display: kernelDisplay } = globalThis as KernelGlobals;
  const type = richestFirst.find((name) => name in bundle) ?? "text/plain";
  if (tslab !== undefined) tslab.require("tslab").display.raw(type, bundle[type]);
  else if (kernelDisplay !== undefined) await kernelDisplay({ [displaySymbol]: () => bundle });
  else process.stdout.write(`${String(bundle["text/plain"])}\n`);
}
