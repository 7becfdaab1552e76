import { NumalabError } from "../errors.ts";

/** Thrown when a catalogue is not there or one of its rows is not what its schema says. */
export class CatalogueError extends NumalabError<"unknown-catalogue" | "bad-row"> {}
