import { NumalabError } from "../errors.ts";

/** What can go wrong before or while processes are started. */
export class LaunchError extends NumalabError<
  | "no-such-node"
  | "node-not-allowed"
  | "no-such-cpu"
  | "cpu-offline"
  | "cpu-not-allowed"
  | "no-cpus"
  | "threads-out-of-range"
  | "binding-refused"
  | "no-such-program"
> {}
