import { NumalabError } from "../errors.ts";

/** What can go wrong when a page is put on disk: `bad-place` is the fault of the path, `cannot-write` of the disk. */
export class ReportError extends NumalabError<"bad-place" | "cannot-write"> {}
