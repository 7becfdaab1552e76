import { processMark } from "./wire.ts";

let last = 0;

/** A name that no other executor gives: Node's own way would load all of its cryptography. */
export function freshId(): string {
  return `${process.env[processMark] ?? process.pid}-${++last}`;
}
