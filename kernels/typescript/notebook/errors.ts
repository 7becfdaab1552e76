import { NumalabError } from "../../../sdk/errors.ts";

/** What keeps a notebook from being run at all. A cell that fails is a result, no error. */
export class NotebookError extends NumalabError<
  "notebook-unreadable" | "notebook-malformed" | "notebook-not-writable" | "foreign-language"
> {}
