import { descriptionOf } from "../plot/index.ts";
import type { Block, Report } from "./section.ts";
import { tableMarkdown } from "./tableText.ts";

const lead = (caption: string | undefined) => (caption === undefined ? "" : `${caption}\n\n`);

function blockMarkdown(block: Block): string {
  if (typeof block === "string") return block.trim();
  if ("table" in block) return lead(block.caption) + tableMarkdown(block.table);
  return `${lead(block.caption)}*${descriptionOf(block.figure)} (in the HTML page only)*`;
}

/** The Markdown twin of a page, to paste where no HTML goes: the same words and tables, each figure as one line. */
export function markdownOf({ title, subtitle, sections }: Report): string {
  const body = sections.flatMap(({ heading, blocks }) => [`## ${heading}`, ...blocks.map(blockMarkdown)]);
  return `${[`# ${title}`, ...(subtitle === undefined ? [] : [subtitle]), ...body].join("\n\n")}\n`;
}
