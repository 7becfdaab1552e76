import { NumalabError } from "../errors.ts";

/** What can go wrong with records on disk. */
export class RecordError extends NumalabError<
  "invalid-run" | "disk-full" | "not-writable" | "no-such-records" | "not-readable"
> {}

/** The operating system's word for what went wrong, such as `ENOSPC`, and the sentence; the word is null for other errors. */
export function systemErrorOf(error: unknown): { word: string | null; reason: string } {
  if (!(error instanceof Error)) return { word: null, reason: String(error) };
  return { word: "code" in error && typeof error.code === "string" ? error.code : null, reason: error.message };
}
