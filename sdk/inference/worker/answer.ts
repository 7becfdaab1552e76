import { text } from "node:stream/consumers";
import type { WorkerReply } from "../protocol.ts";
import { errorReplyOf } from "./errorReply.ts";

/** Does the one task of this process, which stands on its standard input, and tells the parent what came of it. */
export async function answer(work: (task: never) => unknown): Promise<void> {
  const done = async (): Promise<WorkerReply> => ({
    result: await work(JSON.parse(await text(process.stdin)) as never),
  });
  const reply = await done().catch((cause: unknown) => errorReplyOf(cause, "worker-died"));
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
