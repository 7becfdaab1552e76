import { textIn, type JsonObject } from "../protocol/messages.ts";
import type { Request } from "../protocol/sockets.ts";
import { commMessageOf, type Comms } from "./comms.ts";
import type { Execution } from "./execution.ts";
import type { LazySession } from "./lazySession.ts";
import type { Output } from "./output.ts";
import type { Replies } from "./replies.ts";
import type { Answer } from "./requests.ts";
import type { Status } from "./status.ts";

/** Where requests lead. */
export interface RouteParts {
  readonly answers: ReadonlyMap<string, Answer>;
  readonly comms: Comms;
  readonly execution: Execution;
  readonly output: Output;
  readonly replies: Replies;
  readonly session: LazySession;
  readonly status: Status;
  /** Ends the kernel. */
  close(): Promise<void>;
}

function failureOf({ name, message }: Error): JsonObject {
  return { status: "error", ename: name, evalue: message, traceback: [] };
}

async function answerOf({ header, content }: Request, answers: RouteParts["answers"]): Promise<JsonObject> {
  const answer = answers.get(header.msg_type);
  if (answer === undefined) return failureOf(new RangeError(`This kernel does not know ${header.msg_type}.`));
  try {
    return await answer(content);
  } catch (error) {
    return failureOf(error as Error);
  }
}

/** Takes each request to what answers it. */
export function createRoutes(parts: RouteParts): (request: Request) => Promise<void> {
  const { answers, comms, execution, output, replies, session, status } = parts;

  const shutDown = async (request: Request): Promise<void> => {
    const content = { status: "ok", restart: request.content["restart"] === true };
    replies.reply(request, content);
    void output.publish("shutdown_reply", content, { parent: request.header });
    status.idle(request.header);
    await parts.close();
  };
  const respond = async (request: Request): Promise<void> => {
    const comm = commMessageOf(request);
    if (comm === null) replies.reply(request, await answerOf(request, answers));
    else {
      comms.note(comm);
      (await session.ready()).comm(comm);
    }
    status.idle(request.header);
    await session.ready();
  };
  return async (request) => {
    const { header, content, socket } = request;
    if (socket === "stdin")
      session.ifStarted((started) => {
        started.answer(textIn(content, "value"));
      });
    else if (header.msg_type === "execute_request") execution.add(request);
    else {
      status.busy(header);
      await (header.msg_type === "shutdown_request" ? shutDown : respond)(request);
    }
  };
}
