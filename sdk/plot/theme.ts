import type { Json } from "./spec.ts";

/** The colours of Okabe and Ito, told apart with every kind of colour vision; yellow is left out on white. @see https://jfly.uni-koeln.de/color/ */
const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#555555"] as const;

/** The inks that are not a series. */
export const ink = { text: "#222222", quiet: "#666666", line: "#999999", grid: "#E6E6E6" } as const;

const family = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** The colour of the n-th series; colours come again after the last. */
export function colorOf(seriesIndex: number): string {
  return palette[seriesIndex % palette.length] ?? ink.text;
}

/** A text from outside as plotly shows it literally: plotly reads some HTML in texts, links among it. */
export function literal(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** The layout every figure begins with: white ground, one font, the title at the left with what it means below. */
export function layoutOf(title: string, subtitle: string): Record<string, Json> {
  return {
    title: {
      text: title,
      subtitle: { text: subtitle, font: { size: 12.5, color: ink.quiet } },
      font: { size: 17, weight: 600, color: ink.text },
      x: 0,
      xref: "paper",
      xanchor: "left",
      y: 1,
      yref: "container",
      yanchor: "top",
      pad: { t: 12 },
    },
    font: { family, size: 12.5, color: ink.text },
    paper_bgcolor: "#FFFFFF",
    plot_bgcolor: "#FFFFFF",
    hoverlabel: { align: "left", bgcolor: "#FFFFFF", bordercolor: ink.line, font: { family, size: 12 } },
    hovermode: "closest",
  };
}

/** An axis with outside ticks, a thin line and a quiet grid. */
export function axisOf(title: string, more: Readonly<Record<string, Json>> = {}): Record<string, Json> {
  return {
    title: { text: title, standoff: 10 },
    showline: true,
    linecolor: ink.line,
    gridcolor: ink.grid,
    ticks: "outside",
    tickcolor: ink.line,
    ticklen: 4,
    zeroline: false,
    automargin: true,
    ...more,
  };
}
