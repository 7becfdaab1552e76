import { setTimeout as delay } from "node:timers/promises";
import { Reply as HeartbeatSocket, Router } from "zeromq";
import { addressOf, type Connection, type SocketName } from "./connection.ts";
import { ProtocolError } from "./errors.ts";
import { createPublisher, type Publisher } from "./iopub.ts";
import { messageOf, type Message } from "./messages.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { decode, encode } from "./wire.ts";

const lingerMilliseconds = 500;
const patienceMilliseconds = 60_000;
/** So much output waits here; what makes more is held back. */
const outboxLimitBytes = 4 * 1024 * 1024;

/** A socket that requests arrive at. */
export type RequestSocketName = "shell" | "control" | "stdin";

/** A message that has arrived. */
export interface Request extends Message {
  /** Where it arrived, and where its reply goes. */
  readonly socket: RequestSocketName;
}

/** What becomes of arriving messages. */
export interface SocketListener {
  readonly onRequest: (request: Request) => void;
  /** A message that was dropped, or a socket that failed, in one sentence. */
  readonly onFault: (sentence: string) => void;
}

/** The open sockets of a kernel. */
export interface KernelSockets {
  /** Sends in the order of the calls. Resolves at once while little waits, otherwise when this message was sent. */
  send(socket: RequestSocketName | "iopub", message: Message): Promise<void>;
  /** Resolves when all that was sent so far has left for its socket. */
  sent(socket: RequestSocketName | "iopub"): Promise<void>;
  /** Closes every socket; what was sent still leaves. */
  close(): Promise<void>;
}

/**
 * Binds the five sockets of a kernel. Heartbeats and new subscriptions are answered from now on.
 * @throws {ProtocolError} `port-in-use`
 */
export async function openSockets(connection: Connection, listener: SocketListener): Promise<KernelSockets> {
  const { routers, iopub, hb } = await bindSockets(connection);
  const { shell, control, stdin } = routers;
  let isOpen = true;
  const fail = ({ message }: Error): void => {
    if (isOpen) listener.onFault(message);
  };
  const outboxOf = (socket: Router | Publisher): Outbox =>
    createOutbox((frames) => socket.send(frames).catch(fail), { limitBytes: outboxLimitBytes });
  const outboxes = {
    shell: outboxOf(shell),
    control: outboxOf(control),
    stdin: outboxOf(stdin),
    iopub: outboxOf(iopub),
  };
  const send: KernelSockets["send"] = (name, message) => outboxes[name].put(encode(message, connection.key));

  for (const socket of ["shell", "control", "stdin"] as const) {
    receive(routers[socket], connection.key, { ...listener, socket }).catch(fail);
  }
  beat(hb).catch(fail);
  iopub.eachSubscription((topic) => void send("iopub", welcomeOf(topic))).catch(fail);
  return {
    send,
    sent: (name) => outboxes[name].sent(),
    async close() {
      const allSent = Promise.all(Object.values(outboxes).map((outbox) => outbox.sent()));
      await Promise.race([allSent, delay(lingerMilliseconds, undefined, { ref: false })]);
      isOpen = false;
      closeAll([shell, control, stdin, iopub, hb]);
    },
  };
}

async function bindSockets(connection: Connection) {
  const options = { linger: lingerMilliseconds, sendHighWaterMark: 0 };
  const routers = { shell: new Router(options), control: new Router(options), stdin: new Router(options) };
  const others = {
    iopub: createPublisher({ lingerMilliseconds, patienceMilliseconds }),
    hb: new HeartbeatSocket({ linger: 0 }),
  };
  const all = Object.entries({ ...routers, ...others });
  try {
    await Promise.all(all.map(([name, socket]) => bind(socket, connection, name as SocketName)));
  } catch (error) {
    closeAll(all.map(([, socket]) => socket));
    throw error;
  }
  return { routers, ...others };
}

function closeAll(sockets: readonly { close(): void }[]): void {
  for (const socket of sockets) socket.close();
}

/** What a new subscriber is greeted with: from here on it misses nothing. */
function welcomeOf(topic: Uint8Array): Message {
  const content = { subscription: Buffer.from(topic).toString() };
  return messageOf({ type: "iopub_welcome", content, identities: [topic] });
}

async function bind(socket: { bind(address: string): Promise<void> }, connection: Connection, name: SocketName) {
  const address = addressOf(connection, name);
  try {
    await socket.bind(address);
  } catch (cause) {
    const message = `The ${name} socket cannot listen at ${address}: ${(cause as Error).message}. Let Jupyter choose another port.`;
    throw new ProtocolError("port-in-use", message, { facts: { address }, cause });
  }
}

async function beat(socket: HeartbeatSocket): Promise<void> {
  for await (const frames of socket) await socket.send(frames);
}

async function receive(
  router: Router,
  key: string,
  { socket, onRequest, onFault }: SocketListener & Pick<Request, "socket">,
): Promise<void> {
  for await (const frames of router) {
    try {
      onRequest({ ...decode(frames, key), socket });
    } catch (error) {
      onFault((error as Error).message);
    }
  }
}
