import { NumalabError } from "../errors.ts";

/** Thrown when a frame does not have what was asked of it. */
export class FrameError extends NumalabError<"no-such-column" | "not-numbers" | "column-taken"> {}
