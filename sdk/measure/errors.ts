import { NumalabError } from "../errors.ts";

/** What can go wrong while a figure of the machine is taken. */
export type MeasureErrorCode = "invalid-request" | "no-such-cpu" | "cpu-not-allowed" | "worker-died" | "stalled";

/** A measurement could not be planned, or broke off. */
export class MeasureError extends NumalabError<MeasureErrorCode> {}
