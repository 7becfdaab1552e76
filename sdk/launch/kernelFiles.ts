import { readdirSync, readFileSync } from "node:fs";

/** The text of a short file of /proc or /sys; null where there is none, or none for this user. */
export function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** The names in a folder of /proc or /sys; none where there is none. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
