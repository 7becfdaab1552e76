import { NumalabError } from "../errors.ts";

/** What can go wrong before or while processes are started. */
export class LaunchError extends NumalabError<
  | "no-such-node"
  | "node-not-allowed"
  | "no-such-cpu"
  | "cpu-offline"
  | "cpu-isolated"
  | "cpu-not-allowed"
  | "cpu-taken-twice"
  | "no-cpus"
  | "threads-out-of-range"
  | "cpus-out-of-range"
  | "instances-out-of-range"
  | "no-such-instance"
  | "not-enough-memory"
  | "bad-flag"
  | "binding-refused"
  | "no-such-program"
  | "not-started"
  | "never-ready"
  | "ended-early"
  | "unwritable-folder"
> {}
