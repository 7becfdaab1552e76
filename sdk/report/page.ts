import { figureHtml, libraryHtml } from "../plot/index.ts";
import { escapeHtml } from "../units/index.ts";
import { pageStyle } from "./pageStyle.ts";
import type { Block, Report, Section } from "./section.ts";
import { tableHtml } from "./tableText.ts";
import { textHtml } from "./textHtml.ts";

/** What the browser may load: nothing but what is in the page itself. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:";

async function blockHtml(block: Block): Promise<string> {
  if (typeof block === "string") return textHtml(block);
  if ("table" in block) return `<div class="scroll">${tableHtml(block.table, block.caption)}</div>`;
  const caption = block.caption === undefined ? "" : `<figcaption>${escapeHtml(block.caption)}</figcaption>`;
  return `<figure>${await figureHtml(block.figure)}${caption}</figure>`;
}

async function sectionHtml({ heading, blocks }: Section): Promise<string> {
  const parts: string[] = [];
  for (const block of blocks) parts.push(await blockHtml(block));
  return `<section>\n<h2>${escapeHtml(heading)}</h2>\n${parts.join("\n")}\n</section>`;
}

function hasFigure({ sections }: Report): boolean {
  return sections.some(({ blocks }) => blocks.some((block) => typeof block !== "string" && "figure" in block));
}

/**
 * One HTML page that holds all it shows: it opens from disk without a network and refers to nothing outside itself.
 * @throws {PlotError} `library-missing` when there is a figure and the package is not built
 */
export async function page(report: Report): Promise<string> {
  const sections: string[] = [];
  for (const section of report.sections) sections.push(await sectionHtml(section));
  const subtitle = report.subtitle === undefined ? "" : `\n<p class="subtitle">${escapeHtml(report.subtitle)}</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(report.title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${escapeHtml(report.title)}</h1>${subtitle}
${sections.join("\n")}
</main>
${hasFigure(report) ? await libraryHtml() : ""}
</body>
</html>
`;
}
