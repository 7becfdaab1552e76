import { descriptionOf, figureBundle, type FigureBundle } from "./bundle.ts";
import type { FigureSpec } from "./spec.ts";

/** The symbol by which notebooks ask a value how it shows itself; the method under it returns a MIME bundle. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display");

const inspectSymbol: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** A plotly figure as plain data that also knows how to show itself in a notebook and in a terminal. */
export interface Figure extends FigureSpec {
  readonly [displaySymbol]: () => Promise<FigureBundle>;
  readonly [inspectSymbol]: () => string;
}

/** Plotly's own default has a button that sends the data to a server of its makers; ours leaves that out. */
const defaultConfig = {
  responsive: true,
  displaylogo: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
  toImageButtonOptions: { format: "svg" },
} as const;

/** A figure made of any plotly spec; it is shown like our own. */
export function figureOf({ data, layout, config }: FigureSpec): Figure {
  const spec = { data, layout, config: { ...defaultConfig, ...config } };
  return { ...spec, [displaySymbol]: () => figureBundle(spec), [inspectSymbol]: () => descriptionOf(spec) };
}
