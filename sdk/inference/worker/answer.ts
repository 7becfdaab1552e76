import { createReadStream, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { WorkerReply } from "../protocol.ts";
import { errorReplyOf } from "./errorReply.ts";

/** What the process says on its standard error when all that the library said of a task stands before it. */
export const logEnd = "numalab: the task is done";

/** Does the tasks of this process, a line of its standard input each, and tells the parent what came of them. */
export async function answer(work: (task: never) => unknown): Promise<void> {
  const done = async (line: string): Promise<WorkerReply> => ({ result: await work(JSON.parse(line) as never) });
  // Neither process.stdin, whose end has Node open process.stderr too, nor that itself: its pipe would no longer wait for
  // its reader from then on, and what native code says to a full one is lost.
  for await (const line of createInterface({ input: createReadStream("", { fd: 0 }) })) {
    const reply = await done(line).catch((cause: unknown) => errorReplyOf(cause, "worker-died"));
    writeSync(2, `${logEnd}\n`);
    process.stdout.write(`${JSON.stringify(reply)}\n`);
  }
}
