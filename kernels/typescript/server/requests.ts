import type { Connection } from "../protocol/connection.ts";
import { textIn, type JsonObject } from "../protocol/messages.ts";
import type { Session } from "../session/session.ts";
import { codePointsBefore, offsetOf } from "./codePoints.ts";
import type { Comms } from "./comms.ts";
import type { History } from "./history.ts";
import type { LazySession } from "./lazySession.ts";

/** Answers a request by the content of its reply. */
export type Answer = (content: JsonObject) => JsonObject | Promise<JsonObject>;

/** What the answers are taken from. */
export interface RequestParts {
  readonly connection: Connection;
  readonly kernelInfo: JsonObject;
  readonly history: History;
  readonly comms: Comms;
  readonly session: LazySession;
  readonly interrupt: () => void;
}

function positionOf(content: JsonObject, code: string): number {
  const { cursor_pos: codePoints } = content;
  return typeof codePoints === "number" ? offsetOf(code, codePoints) : code.length;
}

async function completionReply(content: JsonObject, session: Session): Promise<JsonObject> {
  const code = textIn(content, "code");
  const { matches, kinds, ...range } = await session.complete(code, positionOf(content, code));
  const [start, end] = [codePointsBefore(code, range.start), codePointsBefore(code, range.end)];
  const types = matches.map((text, index) => ({ text, type: kinds[index] ?? "", start, end }));
  const metadata = { _jupyter_types_experimental: types };
  return { status: "ok", matches, cursor_start: start, cursor_end: end, metadata };
}

async function inspectionReply(content: JsonObject, session: Session): Promise<JsonObject> {
  const code = textIn(content, "code");
  const detailLevel = content["detail_level"] === 1 ? 1 : 0;
  const data = await session.inspect(code, positionOf(content, code), detailLevel);
  return { status: "ok", found: data !== null, data: data ?? {}, metadata: {} };
}

/** The answers to all requests that neither run code nor end the kernel, by message type. */
export function answersOf({
  connection,
  kernelInfo,
  history,
  comms,
  session,
  interrupt,
}: RequestParts): ReadonlyMap<string, Answer> {
  const ports = Object.fromEntries(Object.entries(connection.ports).map(([name, port]) => [`${name}_port`, port]));
  const answers: Record<string, Answer> = {
    kernel_info_request: () => kernelInfo,
    connect_request: () => ({ status: "ok", ...ports }),
    history_request: (content) => ({ status: "ok", history: history.select(content) }),
    comm_info_request: ({ target_name: name }) => ({ status: "ok", comms: comms.info(name) }),
    complete_request: async (content) => completionReply(content, await session.ready()),
    inspect_request: async (content) => inspectionReply(content, await session.ready()),
    // Jupyter's statuses are those of a session.
    is_complete_request: async (content) => ({ ...(await session.ready()).isComplete(textIn(content, "code")) }),
    interrupt_request: () => {
      interrupt();
      return { status: "ok" };
    },
  };
  return new Map(Object.entries(answers));
}
