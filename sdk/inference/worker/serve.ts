import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { piecesOf, readMessages } from "../messages.ts";
import type { CallLine, WorkerCall, WorkerLine, WorkerReply } from "../protocol.ts";
import { errorReplyOf } from "./errorReply.ts";

/** What a worker program answers to a call. */
export type Answering = (call: WorkerCall, line: CallLine) => unknown;

function write(line: WorkerLine): void {
  process.stdout.cork();
  for (const piece of piecesOf(line)) process.stdout.write(piece);
  process.stdout.uncork();
}

const tell = (part: unknown): void => {
  write({ part });
};

async function listen(): Promise<void> {
  if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
  await setImmediate();
}

/** What was said to the call that runs. */
let messages: unknown[] = [];

function take(): unknown[] {
  const taken = messages;
  messages = [];
  return taken;
}

/** Answers calls in their order; a cancellation does not wait for its turn. */
function createReceiver(answer: Answering): (call: WorkerCall) => Promise<void> {
  let cancellation = new AbortController();
  let answered = Promise.resolve();
  return (call) => {
    if (call.call === "cancel") {
      cancellation.abort();
      return answered;
    }
    if (call.call === "message") {
      messages.push(call.request);
      return answered;
    }
    const { signal } = (cancellation = new AbortController());
    answered = answered
      .then(() => answer(call, { tell, signal, listen, take }))
      .then(
        (result): WorkerReply => ({ result }),
        (cause: unknown) => errorReplyOf(cause, "decode-failed"),
      )
      .then(write)
      .then(() => void take());
    return answered;
  };
}

/**
 * Makes this process answer its parent until its standard input closes. The kernel kills it when its parent dies, because
 * a synchronous native call cannot notice a closed pipe.
 */
export async function serve(answer: Answering): Promise<void> {
  // Best effort: where native calls are impossible the closed pipe remains.
  await import("./native.ts").then(
    ({ dieWithParent }) => {
      dieWithParent();
    },
    () => undefined,
  );
  const receive = createReceiver(answer);
  let answered = Promise.resolve();
  for await (const call of readMessages(process.stdin)) answered = receive(call as WorkerCall);
  await answered;
  process.exit(0);
}
