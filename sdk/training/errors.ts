import { NumalabError } from "../errors.ts";

/** A stable word for what is wrong with a training. */
export type TrainingErrorCode =
  "shape-mismatch" | "no-gradient" | "not-a-scalar" | "not-finite" | "bad-option" | "aborted";

/** A training that cannot be written as a graph, or that cannot go on. */
export class TrainingError extends NumalabError<TrainingErrorCode> {}
