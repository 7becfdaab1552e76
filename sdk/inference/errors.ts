import { NumalabError } from "../errors.ts";

/** What can go wrong between a model file and its quantized copy. */
type QuantizationErrorCode =
  "already-quantized" | "needs-importance-matrix" | "quantization-failed" | "not-comparable" | "aborted";

/** What can go wrong between asking for an engine and its tokens. */
export type EngineErrorCode =
  | "engine-missing"
  | "libc-too-old"
  | "library-mismatch"
  | "model-load-failed"
  | "not-enough-memory"
  | "context-too-small"
  | "decode-failed"
  | "invalid-setting"
  | "invalid-request"
  | "not-supported"
  | "worker-died"
  | "closed"
  | QuantizationErrorCode;

/** An engine could not be started, or could not do what was asked. */
export class EngineError extends NumalabError<EngineErrorCode> {}
