import { lineLocator, type Locate, type Mapping } from "./sourceMap.ts";

/** A piece of the woven text; `from` is where it comes from in the source text. */
interface Piece {
  readonly text: string;
  readonly from: number;
  readonly isCopied: boolean;
}

/** Writes a new text while going through a source text from left to right; nothing can be gone back to. */
export interface Weaver {
  /** Copies the source up to an offset. */
  copyTo(offset: number): void;
  /** Leaves out the source up to an offset. */
  skipTo(offset: number): void;
  /** Leaves out the source up to an offset, but for its line breaks. */
  clearTo(offset: number): void;
  /** Writes something that the source does not have. */
  insert(text: string): void;
  /** Lets what is written meanwhile stand before all the rest. */
  first(write: () => void): void;
  /** The new text. */
  text(): string;
  /** Where the words and signs of the new text come from. */
  mappings(locate: Locate): Mapping[];
}

/** A weaver at the start of a source text. */
export function createWeaver(source: string): Weaver {
  const [front, body]: [Piece[], Piece[]] = [[], []];
  let pieces = body;
  let at = 0;
  const push = (text: string, isCopied: boolean) => {
    if (text !== "") pieces.push({ text, from: at, isCopied });
  };
  const skipTo = (offset: number) => {
    at = Math.max(at, offset);
  };
  const woven = () => [...front, ...body];
  return {
    copyTo(offset) {
      push(source.slice(at, offset), true);
      skipTo(offset);
    },
    skipTo,
    clearTo(offset) {
      push(source.slice(at, offset).replace(/[^\n]/g, ""), false);
      skipTo(offset);
    },
    insert: (text) => {
      push(text, false);
    },
    first(write) {
      pieces = front;
      write();
      pieces = body;
    },
    text: () => textOf(woven()),
    mappings: (locate) => mappingsOf(woven(), locate),
  };
}

const textOf = (pieces: readonly Piece[]) => pieces.map(({ text }) => text).join("");

function mappingsOf(pieces: readonly Piece[], locate: Locate): Mapping[] {
  const placeOf = lineLocator(textOf(pieces));
  const mappings: Mapping[] = [];
  let start = 0;
  for (const { text, from, isCopied } of pieces) {
    for (const offset of isCopied ? wordOffsets(text) : [0]) {
      const source = locate(from + offset);
      if (source !== null) mappings.push({ ...placeOf(start + offset), source });
    }
    start += text.length;
  }
  return mappings;
}

/** Where words and signs begin: an error can stand nowhere else. */
function wordOffsets(text: string): number[] {
  return Array.from(text.matchAll(/[\w$\u0080-\uffff]+|\S/g), ({ index }) => index);
}
