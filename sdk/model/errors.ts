import type { ErrorFacts } from "../errors.ts";
import { NumalabError } from "../errors.ts";

/** What can be wrong with what was asked: no file was touched. */
type RequestCode =
  "no-such-preset" | "no-such-quant" | "no-such-vocabulary" | "bad-shape" | "bad-spec" | "outside-folder";

/** What can stop the writing of a model: nothing is left behind. */
type WritingCode =
  "not-enough-space" | "disk-full" | "aborted" | "unwritable-folder" | "path-taken" | "already-writing";

/** What can stop a model from being fetched. */
type FetchCode =
  | "bad-source"
  | "ambiguous-model"
  | "no-such-model"
  | "gated"
  | "offline"
  | "remote-failed"
  | "remote-changed"
  | "wrong-hash";

/** What can be wrong with a file that is read. */
type ReadingCode =
  | "unreadable"
  | "not-gguf"
  | "unsupported-version"
  | "unsupported-tensor-type"
  | "truncated"
  | "corrupt-header"
  | "not-a-language-model"
  | "not-an-importance-matrix"
  | "not-safetensors"
  | "vocabulary-mismatch"
  | "missing-shard";

/** What this layer throws; the code says whether the request, the disk or the file is at fault. */
export class ModelError extends NumalabError<RequestCode | WritingCode | FetchCode | ReadingCode> {}

/** The error of a header that says something impossible. */
export function corruptHeader(found: string, facts: ErrorFacts = {}): ModelError {
  return new ModelError("corrupt-header", `${found}. The file is damaged: fetch it again.`, { facts });
}
