import { StringDecoder } from "node:string_decoder";

/** Text that comes in pieces of bytes and ends before the first stop text. */
export interface TextStream {
  /** The text that is certain now: whole characters that no stop text can begin with. */
  push(bytes: Uint8Array): string;
  /** Whether a stop text was met; nothing comes after it. */
  readonly isStopped: boolean;
  /** What was held back, when nothing follows. */
  end(): string;
}

/** How much of the end of `text` could be the beginning of `stopText`. */
function overlapLength(text: string, stopText: string): number {
  for (let length = Math.min(text.length, stopText.length - 1); length > 0; length--) {
    if (stopText.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

/** Joins pieces of bytes, of which several may make up one character, into text that ends before any of `stopTexts`. */
export function createTextStream(stopTexts: readonly string[]): TextStream {
  const decoder = new StringDecoder("utf8");
  let held = "";
  let isStopped = false;

  const release = (text: string, isLast: boolean): string => {
    if (isStopped) return "";
    held += text;
    const stops = stopTexts.map((stopText) => held.indexOf(stopText)).filter((at) => at >= 0);
    isStopped = stops.length > 0;
    const uncertain = isLast ? 0 : Math.max(0, ...stopTexts.map((stopText) => overlapLength(held, stopText)));
    const certain = held.slice(0, isStopped ? Math.min(...stops) : held.length - uncertain);
    held = held.slice(certain.length);
    return certain;
  };

  return {
    push: (bytes) => release(decoder.write(Buffer.from(bytes)), false),
    get isStopped() {
      return isStopped;
    },
    end: () => release(decoder.end(), true),
  };
}
