import { NumalabError } from "../errors.ts";

/** A stable word for why a graph cannot be made smaller, or compared. */
export type CompressionErrorCode =
  | "already-quantized"
  | "nothing-to-quantize"
  | "operator-set-too-old"
  | "weights-not-finite"
  | "bad-spec"
  | "no-such-quant"
  | "bad-samples"
  | "pattern-not-found"
  | "nothing-left";

/** A graph that cannot be made smaller as asked, or samples that do not fit it. */
export class CompressionError extends NumalabError<CompressionErrorCode> {}
