import { escapeHtml } from "../units/index.ts";

/** Marks code and strong words; nothing inside code is a mark. */
function marked(escaped: string): string {
  return escaped.replace(/`([^`]+)`|\*\*([^*]+)\*\*/g, (_match, code?: string, strong = "") =>
    code === undefined ? `<strong>${marked(String(strong))}</strong>` : `<code>${code}</code>`,
  );
}

const inlineHtml = (text: string) => marked(escapeHtml(text));

function paragraphHtml(paragraph: string): string {
  const lines = paragraph.split("\n");
  if (!lines.every((line) => line.startsWith("- "))) return `<p>${inlineHtml(paragraph)}</p>`;
  return `<ul>${lines.map((line) => `<li>${inlineHtml(line.slice(2))}</li>`).join("")}</ul>`;
}

/** The HTML of a text in the small Markdown of `Block`; everything else in it is shown as it is written. */
export function textHtml(text: string): string {
  const paragraphs = text.split(/\n\s*\n/).map((paragraph) => paragraph.trim());
  return paragraphs
    .filter((paragraph) => paragraph !== "")
    .map(paragraphHtml)
    .join("\n");
}
