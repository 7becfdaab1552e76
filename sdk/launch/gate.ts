import type { Duplex } from "node:stream";
import type { Variables } from "./program.ts";

/** It says that it is here, waits to be let go, and becomes the program; where this process dies meanwhile, it ends. */
const script = 'echo >&3 && read -r _ <&3 && exec "$@" 3>&-';

/** Where a process waits, bound and ready to become its program. */
export interface Gate {
  /** Whether the process came here; false when it ended before. */
  readonly reached: Promise<boolean>;
  open(): void;
}

/** The command line that waits at a gate before it becomes `command`, by descriptor 3: input and output stay untouched. */
export function gatedCommandOf(command: readonly string[], environment: Variables): string[] {
  return ["/bin/sh", "-c", script, "sh", ...odd(environment), ...command];
}

/** Variables that some shells do not hand on, because their names are none for a shell. */
function odd(environment: Variables): string[] {
  const pairs = Object.entries(environment).filter(
    ([name, value]) => value !== undefined && !/^[a-z_]\w*$/i.test(name),
  );
  return pairs.length === 0 ? [] : ["env", ...pairs.map(([name, value]) => `${name}=${String(value)}`)];
}

/** The gate at the other end of a process's descriptor 3. */
export function gateOf(descriptor: Duplex): Gate {
  descriptor.on("error", () => undefined);
  const reached = new Promise<boolean>((resolve) => {
    descriptor.once("data", () => {
      resolve(true);
    });
    descriptor.once("close", () => {
      resolve(false);
    });
  });
  return { reached, open: () => descriptor.end("\n") };
}
