import { writeSync } from "node:fs";
import { descriptors, formatLine, type FromExecutor } from "./wire.ts";

type StreamName = "stdout" | "stderr";

/** Text of one stream of one cell that has not been written yet. */
interface Tail {
  readonly sequence: number;
  readonly cellId: number;
  readonly name: StreamName;
  text: string;
}

/** Text is written at once as long as it comes in few pieces: so many within so many milliseconds. */
const [windowPieces, windowMilliseconds] = [50, 20];
/** More is written in pieces of about this length. */
const pieceLength = 1 << 16;
const longestPiece = 1 << 18;

let sequence = 0;
let tail: Tail | null = null;
let unwritten = "";
let isTorn = false;
let windowEnd = 0;
let piecesLeft = 0;
/** Whether somebody was called who will write what is kept back. */
let isPromised = false;
let onDelay = (): void => undefined;

/** Chooses whom to call when text was kept back, so that it is written soon, whatever the cell does. */
export function callOnDelay(listener: () => void): void {
  onDelay = listener;
}

function seal(): void {
  if (tail === null) return;
  const { cellId, name, text } = tail;
  const line = formatLine(tail.sequence, { kind: "event", cellId, event: { kind: "stream", name, text } });
  tail = null; // first, for it must never be written twice under one number
  unwritten += line;
}

function writeAll(bytes: Uint8Array): void {
  try {
    for (let offset = 0; offset < bytes.length;) offset += writeSync(descriptors.fromExecutor, bytes, offset);
  } catch (error) {
    // the parent is gone: the watchdog is about to end everything, and must not find us dead with our children alive
    if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
  }
}

/**
 * Writes everything to the parent. V8 can stop the cell anywhere in here: what was written already is then written again, after a
 * line break, and the parent drops what is torn or has a number that it knows.
 */
export function flush(): void {
  isPromised = false;
  seal();
  if (unwritten === "") return;
  const bytes = Buffer.from(isTorn ? "\n" + unwritten : unwritten);
  isTorn = true;
  writeAll(bytes);
  unwritten = "";
  isTorn = false;
}

/** Tells the parent something, after everything that was written before. */
export function tell(message: FromExecutor): void {
  seal();
  unwritten += formatLine(++sequence, message);
  flush();
}

function isTimely(): boolean {
  const now = performance.now();
  if (now >= windowEnd) {
    windowEnd = now + windowMilliseconds;
    piecesLeft = windowPieces;
  }
  return piecesLeft-- > 0;
}

function append(cellId: number, name: StreamName, text: string): void {
  if (tail !== null && tail.cellId === cellId && tail.name === name) tail.text += text;
  else {
    seal();
    tail = { sequence: ++sequence, cellId, name, text };
  }
}

/** The end of the piece that begins at `start`; it parts no surrogate pair. */
function endOfPiece(text: string, start: number): number {
  const end = start + longestPiece;
  const isPair = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return isPair ? end - 1 : end;
}

/** Tells the parent a text of a stream. */
export function tellText(cellId: number, name: StreamName, text: string): void {
  if (text === "") return;
  for (let start = 0; start < text.length;) {
    const end = endOfPiece(text, start);
    append(cellId, name, text.slice(start, end));
    if ((tail?.text.length ?? 0) >= pieceLength) flush();
    start = end;
  }
  if (isTimely()) flush();
  else if (!isPromised) {
    isPromised = true;
    onDelay();
  }
}

/** The first texts of a cell are written at once, however much the cell before it wrote. */
export function expectCell(): void {
  windowEnd = 0;
}
