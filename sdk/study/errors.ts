import { NumalabError } from "../errors.ts";

/** What can keep a question from being answered. */
export type StudyErrorCode = "bad-spec" | "nothing-measured" | "several-studies" | "models-too-large";

/** A question could not be answered. */
export class StudyError extends NumalabError<StudyErrorCode> {}
