import { createHash } from "node:crypto";
import type { Warning } from "../errors.ts";
import { readLibrary } from "./library.ts";
import type { FigureSpec } from "./spec.ts";
import { textBoxOf, textLengthOf, type SvgElement } from "./textBox.ts";

/** A figure as a picture; `svg` is null where none could be made, and a warning says why. */
export interface StaticImage {
  readonly svg: string | null;
  readonly warnings: readonly Warning[];
}

/** The part of plotly.js that draws pictures. */
interface Plotly {
  toImage(spec: FigureSpec, options: Readonly<Record<string, unknown>>): Promise<string>;
}

/** A window without a screen, as jsdom makes it. */
interface Window {
  readonly SVGElement: { readonly prototype: object };
  readonly URL: object;
  readonly Plotly: Plotly;
  eval(source: string): void;
}

interface Jsdom {
  readonly JSDOM: new (html: string, options: Readonly<Record<string, unknown>>) => { readonly window: Window };
  readonly VirtualConsole: new () => object;
}

/** jsdom is a matter of choice, so the compiler must not look for it. */
const jsdomName: string = "jsdom";

/** What plotly.js asks of a browser and jsdom does not have; text is measured by the number of its letters. */
function addMissing(window: Window): void {
  Object.assign(window, { TextDecoder, TextEncoder, matchMedia: () => ({ matches: false }) });
  Object.assign(window.URL, { createObjectURL: () => "blob:" });
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: SvgElement) {
      return textBoxOf(this, this);
    },
    getBoundingClientRect(this: SvgElement) {
      return textBoxOf(this, null);
    },
    getComputedTextLength(this: SvgElement) {
      return textLengthOf(this);
    },
  });
}

async function loadPlotly(): Promise<Plotly> {
  const { JSDOM, VirtualConsole } = (await import(jsdomName)) as Jsdom;
  const options = { runScripts: "outside-only", pretendToBeVisual: true, virtualConsole: new VirtualConsole() };
  const { window } = new JSDOM("<!doctype html>", options);
  addMissing(window);
  window.eval(await readLibrary());
  return window.Plotly;
}

/** Plotly names the parts of a picture at random. Named after the spec, the same figure gives the same picture. */
function renamed(svg: string, spec: FigureSpec): string {
  const random = /id="defs-(\w+)"/.exec(svg)?.[1] ?? "";
  const name = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 8);
  return svg.replace(new RegExp(`(defs-|clip|legend)${random}`, "g"), `$1${name}`).replace(/ trace[0-9a-f]{6}"/g, '"');
}

/** Loaded once: it takes about a second and 150 MB. */
let plotly: Promise<Plotly> | null = null;

/** Why there is no picture. The words go into pages, so they hold no path of this machine. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && error.code === "ERR_MODULE_NOT_FOUND" ? "jsdom is not installed" : error.message;
}

/** The width of a page's column, for figures that take any width. */
const columnWidth = 912;

/** The picture of a figure as SVG, drawn without a browser by plotly.js in jsdom. */
export async function staticImage(spec: FigureSpec): Promise<StaticImage> {
  const { data, layout } = spec;
  const size = { width: layout["width"] ?? columnWidth, height: layout["height"] ?? 450 };
  try {
    plotly ??= loadPlotly();
    const svg = await (await plotly).toImage({ data, layout }, { format: "svg", imageDataOnly: true, ...size });
    return { svg: renamed(svg, spec), warnings: [] };
  } catch (error) {
    const reason = reasonOf(error);
    const message = `The figure has no static image, because it could not be drawn without a browser: ${reason}.`;
    const advice = "Install jsdom 29.1.1 beside numalab; the live figure needs nothing.";
    return { svg: null, warnings: [{ code: "no-static-image", message, advice }] };
  }
}
