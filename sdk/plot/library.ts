import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { PlotError } from "./errors.ts";

const packageFile = createRequire(import.meta.url).resolve("numalab/package.json");
/** Made by build/build.mjs. */
const path = join(dirname(packageFile), "dist/sdk/plot/plotly.js.deflate");

async function readCompressed(): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const message = `no copy of plotly.js at ${path}, where the build puts it. Run npm run build.`;
    throw new PlotError("library-missing", message, { facts: { path }, cause });
  }
}

/**
 * The source of plotly.js, as built into this package.
 * @throws {PlotError} `library-missing`
 */
export async function readLibrary(): Promise<string> {
  const source = await promisify(inflate)(await readCompressed());
  return source.toString("utf8");
}

/** What runs in the browser: unpacks plotly.js, then turns every figure of the document, present and to come, into a live chart. */
const liveScript = String.raw`((packed) => {
  if (window.numalabPlotly) return;
  const unpack = async () => {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const source = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const script = document.createElement("script");
    script.textContent = await new Response(source).text();
    const theirs = window.Plotly;
    document.head.append(script);
    const ours = window.Plotly;
    if (theirs) window.Plotly = theirs;
    return ours;
  };
  const draw = async (place) => {
    place.dataset.live = "";
    const still = [...place.childNodes];
    const spec = JSON.parse(place.querySelector("script").textContent);
    const chart = document.createElement("div");
    try {
      const plotly = await window.numalabPlotly;
      place.replaceChildren(chart);
      await plotly.newPlot(chart, spec.data, spec.layout, spec.config);
    } catch (error) {
      place.replaceChildren(...still);
      console.error(error);
    }
  };
  const drawAll = () => document.querySelectorAll(".numalab-figure:not([data-live]):has(> script)").forEach(draw);
  window.numalabPlotly = unpack();
  new MutationObserver(drawAll).observe(document, { childList: true, subtree: true });
  drawAll();
})`;

/**
 * The script element that holds plotly.js and brings figures to life. One in a document is enough; more do nothing.
 * @throws {PlotError} `library-missing`
 */
export async function libraryHtml(): Promise<string> {
  const packed = await readCompressed();
  return `<script>${liveScript}("${packed.toString("base64")}")</script>`;
}
