import { parseArgs } from "node:util";
import { readConnection } from "./protocol/connection.ts";
import { watchParent } from "./protocol/parent.ts";
import { startServer, type Server } from "./server.ts";
import { kernelInfoOf } from "./server/kernelInfo.ts";
import type { BindingRequest } from "./session/globals.ts";

const usage = "Usage: node main.js CONNECTION_FILE [--node INDEX | --cpus LIST] [--wait-for-types]";

/** Front ends wait for the end of a cell; a program that saves what it hears waits for its type errors too. */
const [briefMilliseconds, patientMilliseconds] = [50, 60_000];

interface Asked {
  readonly connectionFile: string;
  readonly binding: BindingRequest;
  readonly typesMilliseconds: number;
}

function askedIn(argv: readonly string[]): Asked {
  const options = {
    node: { type: "string" },
    cpus: { type: "string" },
    "wait-for-types": { type: "boolean" },
  } as const;
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [connectionFile, ...rest] = positionals;
  if (connectionFile === undefined || rest.length > 0) throw new TypeError("Exactly one connection file is needed.");
  const typesMilliseconds = values["wait-for-types"] === true ? patientMilliseconds : briefMilliseconds;
  return { connectionFile, binding: bindingOf(values), typesMilliseconds };
}

function bindingOf({ node, cpus }: { readonly node?: string; readonly cpus?: string }): BindingRequest {
  if (node === undefined) return cpus === undefined ? {} : { cpus };
  if (!/^\d+$/.test(node) || cpus !== undefined)
    throw new TypeError("--node takes the number of a node, without --cpus.");
  return { nodeIndex: Number(node) };
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
  const { connectionFile, binding, typesMilliseconds } = askedIn(process.argv.slice(2));
  const server = await startServer({
    connection: readConnection(connectionFile),
    kernelInfo: kernelInfoOf(placeOf(binding)),
    typesMilliseconds,
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
