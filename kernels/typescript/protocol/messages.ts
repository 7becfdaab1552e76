import { randomUUID } from "node:crypto";

/** The version of the Jupyter messaging protocol spoken here. */
export const protocolVersion = "5.4";

/** A JSON object of any fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What identifies a message; its fields are named as on the wire. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** A message of the Jupyter protocol. */
export interface Message {
  /** Routing identities, or the topic of a published message. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  /** The header of the request that caused it; null when none did. */
  readonly parent: Header | null;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
}

/** What a new message says; everything else is filled in. */
export interface MessageDraft {
  readonly type: string;
  readonly content: JsonObject;
  readonly parent?: Header | null;
  readonly identities?: readonly Uint8Array[];
  readonly metadata?: JsonObject;
}

const session = randomUUID();

/** A message with a header of its own. */
export function messageOf({ type, content, parent = null, identities = [], metadata = {} }: MessageDraft): Message {
  const header: Header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "numalab",
    date: new Date().toISOString(),
    version: protocolVersion,
  };
  return { identities, header, parent, metadata, content };
}

/** A field of some content that is a text; empty where it is none. */
export function textIn(content: JsonObject, name: string): string {
  const value = content[name];
  return typeof value === "string" ? value : "";
}

/** The type of the reply to a request: `kernel_info_reply` to `kernel_info_request`. */
export const replyTypeOf = (requestType: string): string => requestType.replace(/_request$/, "_reply");
