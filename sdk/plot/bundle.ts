import type { Warning } from "../errors.ts";
import { escapeHtml } from "../units/index.ts";
import { libraryHtml } from "./library.ts";
import type { FigureSpec, Json } from "./spec.ts";
import { staticImage, type StaticImage } from "./staticImage.ts";

/** A figure in every form a front end may want; the picture is absent where it cannot be made, and the text says why. */
export interface FigureBundle {
  readonly "application/vnd.plotly.v1+json": FigureSpec;
  readonly "text/html": string;
  readonly "image/svg+xml"?: string;
  readonly "text/plain": string;
}

function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = path.reduce<Json | undefined>(
    (at, key) => (at as Readonly<Record<string, Json>> | undefined)?.[key],
    value,
  );
  return typeof found === "string" ? found : "";
}

/** One line that says what a figure shows: its title and subtitle. */
export function descriptionOf(spec: FigureSpec): string {
  const title = textAt(spec.layout, "title", "text") || "untitled";
  const subtitle = textAt(spec.layout, "title", "subtitle", "text");
  return `Figure: ${[title, subtitle].filter((text) => text !== "").join(". ")}`;
}

/** JSON that may stand inside a script element: nothing in it can end the element. */
function scriptJson(spec: FigureSpec): string {
  return JSON.stringify(spec).replaceAll("<", "\\u003c");
}

const sentenceOf = ({ message, advice }: Warning) => `${message} ${advice}`;

function stillHtml({ svg, warnings }: StaticImage, description: string): string {
  const text = escapeHtml(description);
  if (svg === null)
    return `<p>${[text, ...warnings.map((warning) => escapeHtml(sentenceOf(warning)))].join("<br>")}</p>`;
  return `<img alt="${text}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`;
}

function placeHtml(spec: FigureSpec, still: StaticImage): string {
  const data = `<script type="application/json">${scriptJson(spec)}</script>`;
  return `<div class="numalab-figure">${stillHtml(still, descriptionOf(spec))}${data}</div>`;
}

/** A figure as HTML: its static image, made live by the script of `libraryHtml` wherever that is in the document. */
export async function figureHtml(spec: FigureSpec): Promise<string> {
  return placeHtml(spec, await staticImage(spec));
}

let libraryShown = false;

/** The library for the first figure of this process, nothing later: a notebook holds it once, not once a figure. */
async function libraryOnce(): Promise<string> {
  if (libraryShown) return "";
  libraryShown = true;
  return libraryHtml();
}

/**
 * A figure in every form a front end may want. The first bundle of a process carries plotly.js; later ones use that
 * copy, and show their static image in a document that does not have it.
 * @throws {PlotError} `library-missing`
 */
export async function figureBundle(spec: FigureSpec): Promise<FigureBundle> {
  const still = await staticImage(spec);
  const image = still.svg === null ? {} : { "image/svg+xml": still.svg };
  return {
    "application/vnd.plotly.v1+json": spec,
    "text/html": placeHtml(spec, still) + (await libraryOnce()),
    ...image,
    "text/plain": [descriptionOf(spec), ...still.warnings.map(sentenceOf)].join("\n"),
  };
}
