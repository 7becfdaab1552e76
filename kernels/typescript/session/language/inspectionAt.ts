import type ts from "typescript";
import type { MimeBundle } from "../cell.ts";
import { typescript } from "../rewrite/typescript.ts";
import type { OpenCell } from "./openCell.ts";

/** What is known about something: how it is declared, and what is said about it. */
interface Inspection {
  readonly declaration: string;
  readonly documentation: string;
  readonly tags: readonly ts.JSDocTagInfo[];
}

/**
 * What stands at a position of the open cell, or whose call the position is in; null when nothing is known.
 * @param source what was written to declare it, shown as well
 */
export function inspectionAt(cell: OpenCell, position: number, source: string): MimeBundle | null {
  const inspection = infoAt(cell, position) ?? infoAt(cell, position - 1) ?? signatureAt(cell, position);
  if (inspection === null) return null;
  const { declaration, documentation, tags } = inspection;
  const plain = [declaration, documentation, tags.map((tag) => plainTag(tag)).join("\n"), source];
  const markdownTags = tags.map((tag) => markdownTag(tag)).join("\n\n");
  const markdown = [fenced(declaration), documentation, markdownTags, fenced(source)];
  return { "text/plain": paragraphs(plain), "text/markdown": paragraphs(markdown) };
}

const fenced = (code: string) => (code === "" ? "" : `\`\`\`typescript\n${code}\n\`\`\``);

const paragraphs = (parts: readonly string[]) => parts.filter((part) => part !== "").join("\n\n");

function infoAt({ service, file, code, offset }: OpenCell, position: number): Inspection | null {
  if (!/[\p{ID_Continue}$"'`]/u.test(code.charAt(position))) return null;
  const info = service.getQuickInfoAtPosition(file, offset + position);
  if (info === undefined) return null;
  const declaration = textOf(info.displayParts)
    .replace(/^\(alias\) /, "")
    .replace(/\nimport [^\n]*$/, "");
  if (declaration === "any") return null; // as it says of what is not there at all
  return { declaration, documentation: textOf(info.documentation), tags: info.tags ?? [] };
}

function signatureAt({ service, file, offset }: OpenCell, position: number): Inspection | null {
  const help = service.getSignatureHelpItems(file, offset + position, {});
  const item = help?.items[help.selectedItemIndex];
  if (help === undefined || item === undefined) return null;
  const parameters = item.parameters.map(({ displayParts }) => textOf(displayParts));
  const signature =
    textOf(item.prefixDisplayParts) +
    parameters.join(textOf(item.separatorDisplayParts)) +
    textOf(item.suffixDisplayParts);
  const others = help.items.length > 1 ? `  // and ${help.items.length - 1} more` : "";
  const parameter = item.parameters[help.argumentIndex];
  const current =
    parameter === undefined
      ? ""
      : `${textOf(parameter.displayParts)} ${dashed(textOf(parameter.documentation))}`.trim();
  return {
    declaration: signature + others,
    documentation: paragraphs([current, textOf(item.documentation)]),
    tags: item.tags,
  };
}

const textOf = (parts: readonly ts.SymbolDisplayPart[] | undefined) =>
  typescript().displayPartsToString([...(parts ?? [])]);

const dashed = (text: string) => (text === "" ? "" : `– ${text}`);

function plainTag({ name, text }: ts.JSDocTagInfo): string {
  return `@${name} ${textOf(text)}`.trim();
}

function markdownTag({ name, text }: ts.JSDocTagInfo): string {
  const said = textOf(text);
  const isExample = name === "example" && !said.includes("```");
  return isExample ? `*@${name}*\n\`\`\`typescript\n${said}\n\`\`\`` : `*@${name}* ${said}`.trim();
}
