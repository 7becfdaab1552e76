import type { Warning } from "../errors.ts";
import type { DataFrame } from "./dataFrame.ts";
import { frameHtml } from "./html.ts";
import type { Series } from "./series.ts";

/** The method by which a value shows itself in a notebook, in our kernel and in others. */
export const display = Symbol.for("Jupyter.display");

/** A value in the forms a notebook may want. */
export interface MimeBundle {
  readonly "text/html": string;
  readonly "text/plain": string;
}

/** How a frame shows itself. */
export function displayFrame(this: DataFrame & { readonly caveats?: readonly Warning[] }): MimeBundle {
  const caveats = (this.caveats ?? []).map(({ message, advice }) => `⚠ ${message} ${advice}`);
  return { "text/html": frameHtml(this), "text/plain": [this.toString(), ...caveats].join("\n") };
}

/** How a series shows itself: as a frame of one column. */
export function displaySeries(this: Series): MimeBundle {
  const { columns, index, values } = this;
  const html = frameHtml({ columns, index, values: values.map((value) => [value]) });
  return { "text/html": html, "text/plain": this.toString() };
}
