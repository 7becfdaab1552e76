import type { FigureSpec, Table } from "../plot/index.ts";

/** A table with what it shows; the columns' names give headings and units. */
export interface TableBlock {
  readonly table: Table;
  readonly caption?: string;
}

/** A figure, with what a reader should see in it. */
export interface FigureBlock {
  readonly figure: FigureSpec;
  readonly caption?: string;
}

/**
 * One thing in a section. A text is Markdown of the small kind: paragraphs between empty lines, lists of lines that
 * begin with `- `, `**strong**` and `` `code` ``.
 */
export type Block = string | TableBlock | FigureBlock;

/** A heading and what stands below it. */
export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** What a page says; the same value gives the HTML page and its Markdown twin. */
export interface Report {
  readonly title: string;
  /** One line below the title: machine, date, versions. */
  readonly subtitle?: string;
  readonly sections: readonly Section[];
}
