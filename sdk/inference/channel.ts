import { createInterface } from "node:readline";
import type { Launch } from "../launch/index.ts";
import { EngineError, type EngineErrorCode } from "./errors.ts";
import type { WorkerCall, WorkerReply } from "./protocol.ts";

/** The line to a worker process: one call at a time, answered in order. */
export interface Channel {
  readonly processId: number;
  ask(call: WorkerCall): Promise<unknown>;
  close(): Promise<void>;
}

/** What llama.cpp says at every request. */
const chatter = /^(attach_threadpool|set_n_threads):/;

function resultOf(reply: WorkerReply): unknown {
  if ("result" in reply) return reply.result;
  const { code, message, facts } = reply.error;
  throw new EngineError(code as EngineErrorCode, message, { facts });
}

/** Opens the line to the only instance of `launch`. */
export function openChannel(launch: Launch): Channel {
  const [instance] = launch.instances;
  if (instance === undefined)
    throw new EngineError("worker-died", "The launch started no instance. Plan at least one.");
  const replies = createInterface({ input: instance.stdout })[Symbol.asyncIterator]();
  let isClosed = false;
  let previous: Promise<unknown> = Promise.resolve();

  const died = async (): Promise<never> => {
    const exit = await instance.exited;
    if (isClosed) throw new EngineError("closed", "This engine is closed. Start another one.");
    const last = exit.lastStderrLines
      .filter((line) => !chatter.test(line))
      .slice(-5)
      .join("\n");
    throw new EngineError(
      "worker-died",
      `The worker process ended with ${exit.signal === null ? `exit code ${String(exit.exitCode)}` : `signal ${exit.signal}`} before it answered. Finished results are kept; its last words:\n${last}`,
      { facts: { ...exit } },
    );
  };

  const exchange = async (call: WorkerCall): Promise<unknown> => {
    if (isClosed) return died();
    instance.stdin.write(`${JSON.stringify(call)}\n`);
    const line = await replies.next();
    return line.done === true ? died() : resultOf(JSON.parse(line.value) as WorkerReply);
  };

  return {
    processId: instance.processId,
    ask(call) {
      const answer = previous.then(() => exchange(call));
      previous = answer.catch(() => undefined);
      return answer;
    },
    async close() {
      isClosed = true;
      await launch.stop();
    },
  };
}
