import { createRequire, syncBuiltinESMExports } from "node:module";
import { flush } from "./outbox.ts";

/** What stops this thread until a program has ended: nothing that was kept back could be written meanwhile. */
const waitingNames = ["spawnSync", "execSync", "execFileSync"];
/** What may end this process: nothing that was kept back could be written afterwards. */
const endingNames = ["abort", "reallyExit", "kill"];

function flushBefore(owner: object, names: readonly string[]): void {
  for (const name of names) {
    const call = Reflect.get(owner, name) as (...values: unknown[]) => unknown;
    const flushing = (...values: unknown[]) => {
      flush();
      return Reflect.apply(call, owner, values);
    };
    Reflect.set(owner, name, Object.defineProperty(flushing, "name", { value: name }));
  }
}

/** Lets everything that was printed be seen before a cell waits for a program or ends this one. */
export function installFlushingCalls(): void {
  flushBefore(createRequire(import.meta.url)("node:child_process") as object, waitingNames);
  flushBefore(process, endingNames);
  syncBuiltinESMExports();
}
