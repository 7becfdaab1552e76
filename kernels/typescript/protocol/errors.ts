import { NumalabError } from "../../../sdk/errors.ts";

/** What can be wrong with a connection, a message, or the kernel at the other end. */
export class ProtocolError extends NumalabError<
  | "connection-missing"
  | "connection-malformed"
  | "unknown-transport"
  | "unknown-signature-scheme"
  | "port-in-use"
  | "message-malformed"
  | "signature-wrong"
  | "kernel-not-started"
  | "kernel-died"
> {}
