import { writeSync } from "node:fs";
import { NumalabError } from "../../errors.ts";
import type { WorkerReply } from "../protocol.ts";

/** Writes one line to the parent, at once: a native call may leave no other chance. */
export function tell(reply: WorkerReply): void {
  writeSync(process.stdout.fd, `${JSON.stringify(reply)}\n`);
}

function errorReply(cause: unknown): WorkerReply {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof NumalabError)) return { error: { code: "worker-died", message, facts: {} } };
  return { error: { code: String(cause.code), message, facts: cause.facts } };
}

/** Does the one task of this process, which is the last word of its command line, and tells the parent what came of it. */
export async function answer(work: (task: never) => unknown): Promise<void> {
  try {
    tell({ result: await work(JSON.parse(process.argv.at(-1) ?? "") as never) });
  } catch (cause) {
    tell(errorReply(cause));
  }
}
