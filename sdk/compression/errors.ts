import { NumalabError } from "../errors.ts";

/** A stable word for why a model cannot be made smaller. */
export type CompressionErrorCode = "bad-setting" | "not-prunable" | "needs-whole-blocks";

/** A model that cannot be made smaller as asked; nothing was written. */
export class CompressionError extends NumalabError<CompressionErrorCode> {}
