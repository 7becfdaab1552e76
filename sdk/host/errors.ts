import { NumalabError } from "../errors.ts";

/** What can go wrong while a host is read, tuned or checked. */
export class HostError extends NumalabError<
  | "unreadable-root"
  | "not-root"
  | "not-confirmed"
  | "bad-settings"
  | "host-busy"
  | "no-journal"
  | "journal-damaged"
  | "journal-of-another-host"
  | "journal-not-writable"
  | "no-such-device"
  | "setting-refused"
  | "no-such-program"
  | "memory-test-failed"
  | "bad-requirements"
> {}
