import type { ProcessExit, Launch } from "../launch/index.ts";
import type { CancelFlag } from "./cancelFlag.ts";
import { EngineError, type EngineErrorCode } from "./errors.ts";
import { piecesOf, readMessages } from "./messages.ts";
import type { WorkerCall, WorkerLine, WorkerReply } from "./protocol.ts";

type Request<Call> = Call extends (request: infer Sent, ...rest: never[]) => unknown ? Sent : never;
type Result<Call> = Call extends (...sent: never[]) => infer Answer ? Awaited<Answer> : never;

/** The line to a worker process that answers `Calls`: one call at a time, answered in order. */
export interface Channel<Calls> {
  readonly processId: number;
  ask<Name extends keyof Calls & string>(call: Name, request: Request<Calls[Name]>): Promise<Result<Calls[Name]>>;
  /** Gives the parts of the answer as they come, and returns its end. Left early or aborted, it cancels the call. */
  stream<Name extends keyof Calls & string, Part>(
    call: Name,
    request: Request<Calls[Name]>,
    signal?: AbortSignal,
  ): AsyncGenerator<Part, Result<Calls[Name]>, undefined>;
  /** Says something to the call that runs. */
  say(message: unknown): void;
  close(): Promise<void>;
}

/** What llama.cpp says at every request. */
const chatter = /^(attach_threadpool|set_n_threads):/;

function resultOf(reply: WorkerReply): unknown {
  if ("result" in reply) return reply.result;
  const { code, message, facts } = reply.error;
  throw new EngineError(code as EngineErrorCode, message, { facts });
}

function deathOf(exit: ProcessExit): EngineError {
  const last = exit.lastStderrLines
    .filter((line) => !chatter.test(line))
    .slice(-5)
    .join("\n");
  return new EngineError(
    "worker-died",
    `The worker process ended with ${exit.signal === null ? `exit code ${String(exit.exitCode)}` : `signal ${exit.signal}`} before it answered. Finished results are kept; its last words:\n${last}`,
    { facts: { ...exit } },
  );
}

/** Takes turns: each waits until the one before it is over, and gives what ends it. */
function createTurns(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const before = last;
    let end = (): void => undefined;
    last = new Promise((resolve) => (end = resolve));
    await before;
    return end;
  };
}

/** Single messages to a worker process and back. */
interface Wire {
  readonly processId: number;
  /** Stops what the worker computes. */
  interrupt(): void;
  /** Sends messages that arrive together. */
  send(...calls: readonly WorkerCall[]): void;
  receive(): Promise<WorkerLine>;
  close(): Promise<void>;
}

function openWire(launch: Launch, cancelFlag: CancelFlag): Wire {
  const [instance] = launch.instances;
  if (instance === undefined)
    throw new EngineError("worker-died", "The launch started no instance. Plan at least one.");
  const messages = readMessages(instance.stdout);
  let isClosed = false;
  return {
    processId: instance.processId,
    interrupt: () => {
      cancelFlag.set();
    },
    send(...calls) {
      if (isClosed) return;
      instance.stdin.cork();
      for (const piece of calls.flatMap(piecesOf)) instance.stdin.write(piece);
      instance.stdin.uncork();
    },
    async receive() {
      const message = await messages.next();
      if (message.done !== true) return message.value as WorkerLine;
      const exit = await instance.exited;
      if (isClosed) throw new EngineError("closed", "This engine is closed. Start another one.");
      throw deathOf(exit);
    },
    async close() {
      isClosed = true;
      await launch.stop();
      cancelFlag[Symbol.dispose]();
    },
  };
}

/** Makes one call and gives the parts of its answer; left early or aborted, it cancels the call and waits for its end. */
async function* exchange(
  wire: Wire,
  call: WorkerCall,
  signal?: AbortSignal,
): AsyncGenerator<unknown, unknown, undefined> {
  const cancellation = { call: "cancel", request: null };
  const cancel = (): void => {
    wire.send(cancellation);
    // A text alone is stopped in the middle of a computation; other calls end between two of theirs, with what they have.
    if (call.call === "generate") wire.interrupt();
  };
  wire.send(call, ...(signal?.aborted === true ? [cancellation] : []));
  signal?.addEventListener("abort", cancel);
  let line = await wire.receive();
  try {
    for (; "part" in line; line = await wire.receive()) yield line.part;
  } finally {
    signal?.removeEventListener("abort", cancel);
    if ("part" in line) cancel();
    while ("part" in line) line = await wire.receive();
  }
  return resultOf(line);
}

/** Opens the line to the only instance of `launch`, whose computations `cancelFlag` stops. */
export function openChannel<Calls>(launch: Launch, cancelFlag: CancelFlag): Channel<Calls> {
  const wire = openWire(launch, cancelFlag);
  const takeTurn = createTurns();

  async function* stream(call: WorkerCall, signal?: AbortSignal): AsyncGenerator<unknown, unknown, undefined> {
    const endTurn = await takeTurn();
    try {
      return yield* exchange(wire, call, signal);
    } finally {
      endTurn();
    }
  }

  return {
    processId: wire.processId,
    async ask(call, request) {
      const { value } = await stream({ call, request }).next();
      return value as never;
    },
    stream: (call, request, signal) => stream({ call, request }, signal) as never,
    say: (message) => {
      wire.send({ call: "message", request: message });
    },
    close: () => wire.close(),
  };
}
