import { createHmac, timingSafeEqual } from "node:crypto";
import { ProtocolError } from "./errors.ts";
import type { Header, JsonObject, Message } from "./messages.ts";

const delimiter = Buffer.from("<IDS|MSG>");
const partNames = ["header", "parent header", "metadata", "content"] as const;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

function signatureOf(parts: readonly Uint8Array[], key: string): Buffer {
  if (key === "") return Buffer.alloc(0);
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return Buffer.from(hmac.digest("hex"));
}

/** JSON without halves of surrogate pairs: Python refuses to save a notebook that holds one. */
function jsonOf(value: unknown): Buffer {
  const json = JSON.stringify(value);
  if (!json.includes("\\ud")) return Buffer.from(json);
  return Buffer.from(json.replace(/\\(?:\\|ud[89a-f]..)/g, (found) => (found === "\\\\" ? found : "\uFFFD")));
}

/**
 * The frames of a message, signed.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export function encode({ identities, header, parent, metadata, content }: Message, key: string): Uint8Array[] {
  const parts = [header, parent ?? {}, metadata, content].map(jsonOf);
  return [...identities, delimiter, signatureOf(parts, key), ...parts];
}

/**
 * The message in these frames.
 * @throws {ProtocolError} `message-malformed`, or `signature-wrong` when another key signed it
 */
export function decode(frames: readonly Uint8Array[], key: string): Message {
  const at = frames.findIndex((frame) => delimiter.equals(frame));
  const [signature, ...rest] = at === -1 ? [] : frames.slice(at + 1);
  if (signature === undefined || rest.length < partNames.length) {
    const message = `A message of ${frames.length} frames is not the identities, <IDS|MSG>, a signature, a header, a parent header, metadata and content.`;
    throw new ProtocolError("message-malformed", message);
  }
  const parts = rest.slice(0, partNames.length);
  checkSignature(signature, signatureOf(parts, key));
  const [header, parent, metadata, content] = parts.map(objectIn) as [JsonObject, JsonObject, JsonObject, JsonObject];
  if (!isHeader(header)) throw new ProtocolError("message-malformed", "A header names neither msg_id nor msg_type.");
  return { identities: frames.slice(0, at), header, parent: isHeader(parent) ? parent : null, metadata, content };
}

function checkSignature(found: Uint8Array, needed: Uint8Array): void {
  if (found.length === needed.length && timingSafeEqual(found, needed)) return;
  throw new ProtocolError("signature-wrong", "A message is not signed by the key of the connection file.");
}

function objectIn(part: Uint8Array, index: number): JsonObject {
  try {
    const value: unknown = JSON.parse(strictUtf8.decode(part));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (cause) {
    const message = `The ${String(partNames[index])} of a message is not JSON in UTF-8.`;
    throw new ProtocolError("message-malformed", message, { cause });
  }
  throw new ProtocolError("message-malformed", `The ${String(partNames[index])} of a message is not a JSON object.`);
}

function isHeader(value: object): value is Header {
  const { msg_id: id, msg_type: type } = value as Partial<Header>;
  return typeof id === "string" && typeof type === "string";
}
