import { readFileSync } from "node:fs";
import { ProtocolError } from "./errors.ts";

/** The five sockets of a kernel, as the connection file names their ports. */
export const socketNames = ["shell", "control", "stdin", "iopub", "hb"] as const;

/** One of the five sockets of a kernel. */
export type SocketName = (typeof socketNames)[number];

/** Where a kernel listens, and the key that signs its messages; an empty key signs none. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  /** The address to listen at; with ipc the beginning of a path. */
  readonly ip: string;
  readonly key: string;
  readonly ports: Readonly<Record<SocketName, number>>;
}

const signatureScheme = "hmac-sha256";
const transports = ["tcp", "ipc"] as const;

/** The address of one socket, as ZeroMQ writes it. */
export function addressOf({ transport, ip, ports }: Connection, name: SocketName): string {
  return transport === "tcp" ? `tcp://${ip}:${ports[name]}` : `ipc://${ip}-${ports[name]}`;
}

/** The text of a connection file. */
export function formatConnection({ transport, ip, key, ports }: Connection): string {
  const named = Object.fromEntries(socketNames.map((name) => [`${name}_port`, ports[name]]));
  return `${JSON.stringify({ transport, ip, key, signature_scheme: signatureScheme, ...named }, null, 2)}\n`;
}

/**
 * Reads the text of a connection file.
 * @throws {ProtocolError} `connection-malformed`, `unknown-transport`, `unknown-signature-scheme`
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export function parseConnection(text: string, source = "the connection file"): Connection {
  const fields = fieldsOf(text, source);
  const { transport = "tcp", signature_scheme: scheme = signatureScheme, ip, key = "" } = fields;
  const malformed = (found: string) => malformedIn(source, found);
  const knownTransport = transports.find((name) => name === transport);
  if (knownTransport === undefined) {
    throw new ProtocolError("unknown-transport", `${source} asks for transport ${shown(transport)}. Use tcp or ipc.`);
  }
  if (scheme !== signatureScheme) {
    const message = `${source} asks for signatures by ${shown(scheme)}. Use ${signatureScheme}.`;
    throw new ProtocolError("unknown-signature-scheme", message);
  }
  if (typeof ip !== "string" || ip === "") throw malformed(`"ip" is ${shown(ip)} and must be an address`);
  if (typeof key !== "string") throw malformed(`"key" is ${shown(key)} and must be a text`);
  const ports = Object.fromEntries(socketNames.map((name) => [name, portOf(fields, name, source)]));
  return { transport: knownTransport, ip, key, ports: ports as Connection["ports"] };
}

/**
 * Reads a connection file.
 * @throws {ProtocolError} `connection-missing` when it cannot be read, and what `parseConnection` throws
 */
export function readConnection(path: string): Connection {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const message = `The connection file ${path} cannot be read: ${(cause as Error).message}. Jupyter writes it and names it when it starts a kernel.`;
    throw new ProtocolError("connection-missing", message, { facts: { path }, cause });
  }
  return parseConnection(text, path);
}

const shown = (value: unknown): string => (value === undefined ? "missing" : JSON.stringify(value));

function malformedIn(source: string, found: string): ProtocolError {
  const message = `${source} is no connection file: ${found}. Let Jupyter write it.`;
  return new ProtocolError("connection-malformed", message, { facts: { source } });
}

function fieldsOf(text: string, source: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformedIn(source, (cause as Error).message);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw malformedIn(source, "it holds no JSON object");
}

function portOf(fields: Record<string, unknown>, name: SocketName, source: string): number {
  const port = fields[`${name}_port`];
  if (typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw malformedIn(source, `"${name}_port" is ${shown(port)} and must be a port from 1 to 65535`);
}
