import { messageOf, type Header, type JsonObject } from "../protocol/messages.ts";
import type { KernelSockets } from "../protocol/sockets.ts";

/** What all front ends see, in the order of the calls. */
export interface Output {
  /** Resolves when there is room for more. */
  publish(type: string, content: JsonObject, about?: About): Promise<void>;
  /** Publishes text, joined with what follows it at once. Resolves when there is room for more. */
  stream(name: "stdout" | "stderr", text: string, parent: Header | null): Promise<void>;
  /** Resolves when all that was published has left. */
  sent(): Promise<void>;
}

/** What a published message refers to. */
export interface About {
  readonly parent?: Header | null;
  readonly metadata?: JsonObject;
}

interface PendingText {
  readonly name: "stdout" | "stderr";
  readonly parent: Header | null;
  text: string;
}

const joinMilliseconds = 10;
const joinedLength = 64 * 1024;

/** The output of a kernel over its published socket. */
export function createOutput(sockets: Pick<KernelSockets, "send" | "sent">): Output {
  let pending: PendingText | null = null;
  let timer: NodeJS.Timeout | null = null;

  const send = (type: string, content: JsonObject, { parent = null, metadata = {} }: About): Promise<void> =>
    sockets.send("iopub", messageOf({ type, content, parent, metadata, identities: [Buffer.from(type)] }));
  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (pending === null) return Promise.resolve();
    const { name, text, parent } = pending;
    pending = null;
    return send("stream", { name, text }, { parent });
  };
  return {
    publish(type, content, about = {}) {
      void flush();
      return send(type, content, about);
    },
    stream(name, text, parent) {
      if (pending?.name !== name || pending.parent !== parent) void flush();
      pending ??= { name, parent, text: "" };
      pending.text += text;
      if (pending.text.length >= joinedLength) return flush();
      timer ??= setTimeout(() => void flush(), joinMilliseconds);
      return Promise.resolve();
    },
    async sent() {
      await flush();
      await sockets.sent("iopub");
    },
  };
}
