import { NumalabError } from "../errors.ts";

/** Thrown when samples or arguments cannot give the number asked for. */
export class StatsError extends NumalabError<
  "empty" | "not-finite" | "not-positive" | "unequal-counts" | "bad-probability" | "bad-seed"
> {}
