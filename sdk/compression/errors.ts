import { NumalabError } from "../errors.ts";

/** A stable word for why a model cannot be made smaller, or compared with what was made of it. */
export type CompressionErrorCode =
  | "bad-setting"
  | "no-such-quant"
  | "bad-samples"
  | "needs-samples"
  | "already-quantized"
  | "nothing-to-quantize"
  | "operator-set-too-old"
  | "weights-not-finite"
  | "not-prunable"
  | "no-such-value"
  | "needs-whole-blocks"
  | "over-budget";

/** A model that cannot be made smaller as asked, or samples that do not fit it; nothing was written. */
export class CompressionError extends NumalabError<CompressionErrorCode> {}
