import { setTimeout as delay } from "node:timers/promises";
import type { Connection } from "./protocol/connection.ts";
import type { JsonObject } from "./protocol/messages.ts";
import { openSockets, type KernelSockets, type Request } from "./protocol/sockets.ts";
import { createComms } from "./server/comms.ts";
import { createEvents } from "./server/events.ts";
import { createExecution } from "./server/execution.ts";
import { createHistory } from "./server/history.ts";
import { createLazySession } from "./server/lazySession.ts";
import { createOutput } from "./server/output.ts";
import { createReplies } from "./server/replies.ts";
import { answersOf } from "./server/requests.ts";
import { createRoutes } from "./server/routes.ts";
import { createStatus } from "./server/status.ts";
import type { Session, SessionOptions } from "./session/session.ts";

/** A session that does not end within this time is left to die with the kernel. */
const patienceMilliseconds = 3000;

/** What a kernel is made of. */
export interface ServerOptions {
  readonly connection: Connection;
  /** The content of the `kernel_info_reply`. */
  readonly kernelInfo: JsonObject;
  /** How long a cell that has ended may stay busy while its types are checked. */
  readonly typesMilliseconds: number;
  /** Called once, when the first request has been answered or the first cell arrives. */
  readonly startSession: (onEvent: SessionOptions["onEvent"]) => Promise<Session>;
  /** Called with one sentence about a message that was dropped. */
  readonly onFault: (sentence: string) => void;
}

/** A kernel that answers front ends. */
export interface Server {
  /** Resolves when a front end has ended it, or `close` has. */
  readonly ended: Promise<void>;
  /** Stops the running cell. */
  interrupt(): void;
  /** Ends the session and closes the sockets. */
  close(): Promise<void>;
}

/**
 * Starts to answer front ends at a connection.
 * @throws {ProtocolError} `port-in-use`
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { connection, onFault } = options;
  const tellFault = (error: unknown): void => {
    onFault(error instanceof Error ? error.message : String(error));
  };
  let route: ((request: Request) => Promise<void>) | null = null;
  const onRequest = (request: Request): void => void route?.(request).catch(tellFault);
  const sockets = await openSockets(connection, { onRequest, onFault });
  const kernel = kernelOver(sockets, options);
  route = kernel.route;
  return kernel.server;
}

function kernelOver(sockets: KernelSockets, options: ServerOptions) {
  const { connection, kernelInfo, typesMilliseconds, startSession } = options;
  const [comms, history, output, replies] = [
    createComms(),
    createHistory(),
    createOutput(sockets),
    createReplies(sockets),
  ];
  const status = createStatus(output);
  const session = createLazySession(() => startSession((cellId, event) => events.accept(cellId, event)));
  const refuse = (): void => {
    session.ifStarted((started) => {
      started.answer(null);
    });
  };
  const events = createEvents({ output, history, comms, ask: replies.ask, refuse });
  const execution = createExecution({ events, history, output, status, session, replies, typesMilliseconds });
  const interrupt = (): void => {
    session.ifStarted((started) => {
      started.interrupt();
    });
  };
  const answers = answersOf({ connection, kernelInfo, history, comms, session, interrupt });
  const { ended, close } = createEnding(async () => {
    await Promise.race([session.close(), delay(patienceMilliseconds, undefined, { ref: false })]);
    await sockets.close();
  });
  const server: Server = { ended, interrupt, close };
  return { server, route: createRoutes({ answers, comms, execution, output, replies, session, status, close }) };
}

/** Ends something once, however often that is asked for. */
function createEnding(end: () => Promise<void>): Pick<Server, "ended" | "close"> {
  let tellEnded: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    tellEnded = resolve;
  });
  let closing: Promise<void> | null = null;
  return { ended, close: () => (closing ??= end().finally(tellEnded)) };
}
