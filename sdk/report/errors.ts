import { NumalabError } from "../errors.ts";

/** What can go wrong when a page is put on disk. */
export class ReportError extends NumalabError<"cannot-write"> {}
