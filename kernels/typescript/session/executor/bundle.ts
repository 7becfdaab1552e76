import { inspect } from "node:util";
import type { MimeBundle } from "../cell.ts";
import { isRecords, recordsTable } from "./recordsTable.ts";

/** The method by which a value shows itself; it may return a promise. */
const displayMethod = Symbol.for("Jupyter.display");
const mostLength = 10_000;

function cut(text: string): string {
  if (text.length <= mostLength) return text;
  return `${text.slice(0, mostLength)}… ${text.length - mostLength} more characters (console.log shows them all)`;
}

/** A value as text, cut where nobody reads on. */
export function plainText(value: unknown): string {
  return cut(inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: mostLength, breakLength: 100 }));
}

/** What a value shows of itself; undefined when it does not say. */
function ownBundle(value: unknown): unknown {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  const method = Reflect.get(value, displayMethod) as unknown;
  return typeof method === "function" ? (Reflect.apply(method, value, []) as unknown) : undefined;
}

/** The bundle with bytes as the text that JSON can carry. */
export function encodeBundle(bundle: unknown): MimeBundle {
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle))
    throw new TypeError(`A display needs an object with a value for each MIME type, and got ${plainText(bundle)}.`);
  const encode = (part: unknown) => (part instanceof Uint8Array ? Buffer.from(part).toString("base64") : part);
  return Object.fromEntries(Object.entries(bundle).map(([type, part]) => [type, encode(part)]));
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function";
}

/** The forms in which a value is shown; a promise only when the value itself gives one. */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  const own = ownBundle(value);
  if (isThenable(own)) return Promise.resolve(own).then(encodeBundle);
  if (own !== undefined) return encodeBundle(own);
  const text = { "text/plain": plainText(value) };
  return isRecords(value) ? { ...text, "text/html": recordsTable(value) } : text;
}
