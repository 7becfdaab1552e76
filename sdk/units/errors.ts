import { NumalabError } from "../errors.ts";

/** Thrown when a text or a number is not a quantity. */
export class UnitsError extends NumalabError<"not-a-quantity" | "unknown-symbol" | "not-finite"> {}
