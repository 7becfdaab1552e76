import { Console } from "node:console";
import { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { currentCellId, heedInterrupt } from "./cellContext.ts";
import { tellText } from "./outbox.ts";

type Done = (error?: Error | null) => void;

/** What may be handed to `end`: a text or bytes, their encoding, and whom to tell. */
type EndValues = readonly (Uint8Array | string | Done | null | undefined)[];

/**
 * A stream whose text goes to the cell that writes it. It keeps no state of a write, in which V8 could stop it; and whoever ends it
 * does not keep later cells from writing.
 */
function cellStream(name: "stdout" | "stderr", fd: number): Writable {
  const decoder = new StringDecoder("utf8");
  const stream = new Writable({ autoDestroy: false, emitClose: false });
  function write(chunk: Uint8Array | string, encoding?: BufferEncoding | Done, done?: Done): boolean {
    const isText = typeof chunk === "string" && (typeof encoding !== "string" || /^utf-?8$/i.test(encoding));
    const bytes = () =>
      typeof chunk === "string" ? Buffer.from(chunk, encoding as BufferEncoding) : Buffer.from(chunk);
    const cellId = currentCellId();
    tellText(cellId, name, isText ? chunk : decoder.write(bytes()));
    heedInterrupt(cellId);
    const callback = typeof encoding === "function" ? encoding : done;
    if (callback !== undefined) process.nextTick(callback);
    return true;
  }
  function end(...values: EndValues): Writable {
    const [chunk, encoding] = values.filter((value) => typeof value !== "function");
    const done = values.find((value) => typeof value === "function");
    if (chunk !== undefined && chunk !== null) write(chunk, encoding as BufferEncoding);
    process.nextTick(() => {
      stream.emit("finish"); // each time: nobody else hears that what was ended goes on
      done?.();
    });
    return stream;
  }
  stream.setMaxListeners(0); // each pipeline leaves some
  return Object.assign(stream, { fd, isTTY: false, write, end, destroy: () => stream });
}

/** An input that is at its end, as a cell has none: a new one for each cell, for the end is told only once. */
function cellInput(): () => Readable {
  let cellId: number | null = null;
  let input = Readable.from([]);
  return () => {
    if (cellId !== currentCellId()) input = Object.assign(Readable.from([]), { fd: 0, isTTY: false });
    cellId = currentCellId();
    return input;
  };
}

/** Makes `process.stdout`, `process.stderr` and `console` write to the cell that uses them; `process.stdin` is empty. */
export function installStreams(): void {
  const [stdout, stderr] = [cellStream("stdout", 1), cellStream("stderr", 2)];
  Object.defineProperty(process, "stdout", { value: stdout, configurable: true, enumerable: true });
  Object.defineProperty(process, "stderr", { value: stderr, configurable: true, enumerable: true });
  Object.defineProperty(process, "stdin", { get: cellInput(), configurable: true, enumerable: true });
  // Node's own console hands every value to the inspector too, which keeps it
  const plain = new Console({ stdout, stderr, colorMode: false, ignoreErrors: false });
  for (const key of Object.keys(plain)) Reflect.set(console, key, Reflect.get(plain, key) as unknown);
}
