import { readSync } from "node:fs";
import { KeyboardInterrupt } from "./cellContext.ts";
import { descriptors, type Answer } from "./wire.ts";

const bufferBytes = 1 << 16;

/** The next line of the parent; waits for it. */
function readLine(): string {
  const pieces: Buffer[] = [];
  const buffer = Buffer.alloc(bufferBytes);
  for (;;) {
    const length = readSync(descriptors.answers, buffer);
    pieces.push(Buffer.from(buffer.subarray(0, length)));
    if (length === 0 || buffer[length - 1] === 10) return Buffer.concat(pieces).toString("utf8");
  }
}

/**
 * The text that a person answers to a question which was told before.
 * @throws {KeyboardInterrupt} when the cell is interrupted meanwhile
 * @throws {Error} when nobody can be asked
 */
export function readAnswer(): string {
  const answer = JSON.parse(readLine()) as Answer;
  if ("isInterrupted" in answer) throw new KeyboardInterrupt();
  if (answer.text === null) throw new Error("prompt() found nobody to ask: this front end does not allow input.");
  return answer.text;
}
