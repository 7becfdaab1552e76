import { parseArgs } from "node:util";
import { readConnection } from "./protocol/connection.ts";
import { watchParent } from "./protocol/parent.ts";
import { startServer, type Server } from "./server.ts";
import { kernelInfoOf } from "./server/kernelInfo.ts";
import type { BindingRequest } from "./session/globals.ts";

const usage = "Usage: node main.js CONNECTION_FILE [--node INDEX | --cpus LIST]";

interface Asked {
  readonly connectionFile: string;
  readonly binding: BindingRequest;
}

function askedIn(argv: readonly string[]): Asked {
  const options = { node: { type: "string" }, cpus: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [connectionFile, ...rest] = positionals;
  if (connectionFile === undefined || rest.length > 0) throw new TypeError("Exactly one connection file is needed.");
  const { node, cpus } = values;
  if (node === undefined) return { connectionFile, binding: cpus === undefined ? {} : { cpus } };
  if (!/^\d+$/.test(node) || cpus !== undefined)
    throw new TypeError("--node takes the number of a node, without --cpus.");
  return { connectionFile, binding: { nodeIndex: Number(node) } };
}

function placeOf({ nodeIndex, cpus }: BindingRequest): string {
  if (nodeIndex !== undefined) return `on NUMA node ${nodeIndex}`;
  return cpus === undefined ? "on any CPU" : `on CPUs ${cpus}`;
}

const log = (sentence: string): void => void process.stderr.write(`numalab kernel: ${sentence}\n`);

function endWith(server: Server): void {
  const end = (): void => void server.close();
  process.on("SIGINT", () => {
    server.interrupt();
  });
  process.on("SIGTERM", end);
  process.on("SIGHUP", end);
  watchParent(end);
}

async function main(): Promise<void> {
  const { connectionFile, binding } = askedIn(process.argv.slice(2));
  const server = await startServer({
    connection: readConnection(connectionFile),
    kernelInfo: kernelInfoOf(placeOf(binding)),
    onFault: log,
    async startSession(onEvent) {
      const { createSession } = await import("./session/createSession.ts");
      return createSession({ workingFolder: process.cwd(), binding, onEvent });
    },
  });
  endWith(server);
  await server.ended;
}

// A kernel that goes on after a fault of its own is worth more than one that is gone with all variables.
process.on("uncaughtException", ({ stack }) => {
  log(stack ?? "an error without a stack");
});
process.stderr.on("error", () => undefined);

main().then(
  () => process.exit(0),
  (error: unknown) => {
    log(error instanceof Error ? error.message : String(error));
    if (error instanceof TypeError) log(usage);
    process.exit(1);
  },
);
