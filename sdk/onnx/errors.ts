import type { ErrorFacts } from "../errors.ts";
import { NumalabError } from "../errors.ts";

/** What can be wrong with a graph in memory. */
type GraphCode = "shape-mismatch" | "type-mismatch" | "duplicate-name" | "unknown-name" | "bad-spec" | "no-such-preset";

/** What can be wrong with a file. */
type FileCode =
  | "not-onnx"
  | "truncated"
  | "corrupt-file"
  | "not-supported"
  | "file-unreadable"
  | "outside-folder"
  | "too-large"
  | "bad-path";

/** A stable word for what is wrong with an ONNX graph or file. */
export type OnnxErrorCode = GraphCode | FileCode;

/** An ONNX graph or file that cannot be used. */
export class OnnxError extends NumalabError<OnnxErrorCode> {}

/** The error of a file that says something impossible. */
export function corruptFile(found: string, facts: ErrorFacts = {}): OnnxError {
  return new OnnxError("corrupt-file", `${found}. The file is damaged: fetch it again.`, { facts });
}

/** The error of a file that uses a part of ONNX that numalab leaves out. */
export function notSupported(found: string, facts: ErrorFacts = {}): OnnxError {
  return new OnnxError("not-supported", `${found}. Export the model without it.`, { facts });
}
