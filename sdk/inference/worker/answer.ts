import { text } from "node:stream/consumers";
import { NumalabError } from "../../errors.ts";
import type { WorkerReply } from "../protocol.ts";

function errorReply(cause: unknown): WorkerReply {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof NumalabError)) return { error: { code: "worker-died", message, facts: {} } };
  return { error: { code: String(cause.code), message, facts: cause.facts } };
}

/** Does the one task of this process, which stands on its standard input, and tells the parent what came of it. */
export async function answer(work: (task: never) => unknown): Promise<void> {
  const done = async (): Promise<WorkerReply> => ({
    result: await work(JSON.parse(await text(process.stdin)) as never),
  });
  const reply = await done().catch(errorReply);
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
