/** Frames and figures shown: in a notebook, as one HTML page, and as its Markdown twin. */
export { display } from "./display.ts";
export { ReportError } from "./errors.ts";
export { markdownOf } from "./markdown.ts";
export { page } from "./page.ts";
export type { Block, FigureBlock, Report, Section, TableBlock } from "./section.ts";
export { tableHtml, tableMarkdown } from "./tableText.ts";
export { assertPagePlace, writePage } from "./writePage.ts";
