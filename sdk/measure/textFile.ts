import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of a file below `root`, or null where this host has none or does not let us read it. */
export function readTextFile(root: string, path: string): string | null {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return null;
  }
}
