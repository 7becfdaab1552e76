import { NumalabError } from "../errors.ts";

/** What can be wrong with what a figure is asked to show, or with the library that shows it. */
export class PlotError extends NumalabError<"no-points" | "missing-column" | "wrong-column" | "library-missing"> {}
