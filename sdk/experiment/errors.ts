import { NumalabError } from "../errors.ts";

/** What can go wrong in an experiment as a whole; a single run's trouble is the engine's error. */
export type ExperimentErrorCode = "nothing-to-run" | "model-too-large" | "aborted" | "corrupt-study";

/** An experiment could not be planned, started or resumed. */
export class ExperimentError extends NumalabError<ExperimentErrorCode> {}
