import { NumalabError } from "../errors.ts";

/** A stable word for what is wrong with an ONNX graph or file. */
export type OnnxErrorCode =
  "shape-mismatch" | "type-mismatch" | "duplicate-name" | "not-onnx" | "truncated" | "file-unreadable";

/** An ONNX graph or file that cannot be used. */
export class OnnxError extends NumalabError<OnnxErrorCode> {}
