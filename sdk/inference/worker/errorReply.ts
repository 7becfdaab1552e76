import { NumalabError } from "../../errors.ts";
import type { WorkerReply } from "../protocol.ts";

/** What the parent is told of a failed call; `otherCode` is the code of an error that is none of ours. */
export function errorReplyOf(cause: unknown, otherCode: "worker-died" | "decode-failed"): WorkerReply {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof NumalabError)) return { error: { code: otherCode, message, facts: {} } };
  return { error: { code: String(cause.code), message, facts: cause.facts } };
}
