import { createRequire, syncBuiltinESMExports } from "node:module";
import { flush } from "./outbox.ts";

/** What stops this thread until a program has ended: nothing that was kept back could be written meanwhile. */
const blockingNames = ["spawnSync", "execSync", "execFileSync"] as const;

/** Lets everything that was printed be seen before a cell waits for a program. */
export function installBlockingCalls(): void {
  const childProcess = createRequire(import.meta.url)("node:child_process") as Record<string, unknown>;
  for (const name of blockingNames) {
    const call = childProcess[name] as (...values: unknown[]) => unknown;
    childProcess[name] = Object.defineProperty(
      (...values: unknown[]) => {
        flush();
        return call(...values);
      },
      "name",
      { value: name },
    );
  }
  syncBuiltinESMExports();
}
