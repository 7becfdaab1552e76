import { readFileSync } from "node:fs";
import type { WorkerReply } from "../protocol.ts";
import { errorReplyOf } from "./errorReply.ts";

/** Does the one task of this process, which stands on its standard input, and tells the parent what came of it. */
export async function answer(work: (task: never) => unknown): Promise<void> {
  // Not by process.stdin: its end has Node open process.stderr too, whose pipe no longer waits for its reader from then on,
  // and what native code says to a full one is lost.
  const done = async (): Promise<WorkerReply> => ({ result: await work(JSON.parse(readFileSync(0, "utf8")) as never) });
  const reply = await done().catch((cause: unknown) => errorReplyOf(cause, "worker-died"));
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
