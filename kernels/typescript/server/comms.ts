import type { JsonObject, Message } from "../protocol/messages.ts";
import type { CommMessage } from "../session/cell.ts";

/** The comms that are open, as `comm_info_request` asks for them. */
export interface Comms {
  /** Takes notice of a message in either direction. */
  note(message: CommMessage): void;
  /** Forgets every comm; the messages that close them. */
  closeAll(): readonly CommMessage[];
  /** The open comms by id; of one target, when it is named. */
  info(targetName: unknown): JsonObject;
}

const types = ["open", "msg", "close"] as const;

/** The comm message in a message of a front end; null when it is none. */
export function commMessageOf({ header, content, metadata }: Message): CommMessage | null {
  const type = types.find((name) => `comm_${name}` === header.msg_type);
  if (type === undefined) return null;
  const { comm_id: commId, target_name: targetName, data = {} } = content;
  const target = type === "open" ? { targetName: String(targetName) } : {};
  return { type, commId: String(commId), ...target, data, metadata };
}

/** The content of the published message of this comm message. */
export function commContentOf({ type, commId, targetName, data }: CommMessage): JsonObject {
  const target = type === "open" ? { target_name: targetName } : {};
  return { comm_id: commId, ...target, data: data ?? {} };
}

/** No open comms. */
export function createComms(): Comms {
  const open = new Map<string, string>();
  return {
    note({ type, commId, targetName }) {
      if (type === "open") open.set(commId, targetName ?? "");
      if (type === "close") open.delete(commId);
    },
    closeAll() {
      const ids = [...open.keys()];
      open.clear();
      return ids.map((commId) => ({ type: "close", commId, data: {} }));
    },
    info(targetName) {
      const wanted = [...open].filter(([, name]) => typeof targetName !== "string" || name === targetName);
      return Object.fromEntries(wanted.map(([id, name]) => [id, { target_name: name }]));
    },
  };
}
