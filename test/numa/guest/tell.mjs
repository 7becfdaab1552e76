import { writeSync } from "node:fs";

/** Writes to the console, which takes a long text in pieces. */
export function tell(name, value) {
  let rest = Buffer.from(`\n#fact ${JSON.stringify({ name, value })}\n`);
  while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
}
