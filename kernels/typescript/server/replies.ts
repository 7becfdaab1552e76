import { messageOf, replyTypeOf, type JsonObject } from "../protocol/messages.ts";
import type { KernelSockets, Request, RequestSocketName } from "../protocol/sockets.ts";

/** What is said to the one front end that made a request. */
export interface Replies {
  readonly reply: (request: Request, content: JsonObject) => void;
  /** Asks the person there for a line of text. */
  readonly ask: (request: Request, content: JsonObject) => void;
}

/** Replies over these sockets. */
export function createReplies(sockets: Pick<KernelSockets, "send">): Replies {
  const send = (socket: RequestSocketName, request: Request, message: { type: string; content: JsonObject }): void =>
    void sockets.send(socket, messageOf({ ...message, parent: request.header, identities: request.identities }));
  return {
    reply(request, content) {
      send(request.socket, request, { type: replyTypeOf(request.header.msg_type), content });
    },
    ask(request, content) {
      send("stdin", request, { type: "input_request", content });
    },
  };
}
