import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openClient, readyKernel, type KernelClient } from "./client.ts";
import { formatConnection, type Connection } from "./connection.ts";
import { ProtocolError } from "./errors.ts";
import type { JsonObject } from "./messages.ts";

/** How to start a kernel. */
export interface KernelCommand {
  /** The command as a kernelspec gives it; `{connection_file}` stands for the path of that file. */
  readonly argv: readonly string[];
  readonly workingFolder: string;
  /** Variables of its environment besides ours. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How long it may take until it answers. Default 60. */
  readonly timeoutSeconds?: number;
}

/** A kernel in a process of its own, and a front end connected to it. */
export interface StartedKernel extends AsyncDisposable {
  readonly client: KernelClient;
  readonly connection: Connection;
  readonly processId: number;
  /** What the kernel said about itself. */
  readonly info: JsonObject;
  /** Resolves when the process has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Asks the kernel to end; kills it when it does not within `graceSeconds`. */
  shutdown(graceSeconds?: number): Promise<void>;
}

const keptErrorLength = 4000;
const lastWordsMilliseconds = 200;
const defaultGraceSeconds = 10;

/**
 * Starts a kernel and waits until it answers.
 * @throws {ProtocolError} `kernel-not-started` when the command cannot be run or does not answer in time, `kernel-died`
 */
export async function startKernel(command: KernelCommand): Promise<StartedKernel> {
  const folder = mkdtempSync(join(tmpdir(), "numalab-"));
  const connection = connectionIn(folder);
  const file = join(folder, "connection.json");
  writeFileSync(file, formatConnection(connection), { mode: 0o600 });
  const child = spawnKernel(command, file);
  const client = openClient(connection);
  const ended = endOf(child, { client, command }).finally(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const shutdown = (graceSeconds = defaultGraceSeconds) => shutDown(child, { client, ended, graceSeconds });
  const { timeoutSeconds = 60 } = command;
  const timer = setTimeout(() => {
    client.fail(notStarted(command, `no answer in ${timeoutSeconds} s`));
  }, timeoutSeconds * 1000);
  try {
    const info = await readyKernel(client);
    const processId = child.pid ?? 0;
    return { client, connection, processId, info, ended, shutdown, [Symbol.asyncDispose]: () => shutdown() };
  } catch (error) {
    child.kill("SIGKILL");
    await client[Symbol.asyncDispose]();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function connectionIn(folder: string): Connection {
  const ports = { shell: 1, control: 2, stdin: 3, iopub: 4, hb: 5 };
  return { transport: "ipc", ip: join(folder, "k"), key: randomBytes(16).toString("hex"), ports };
}

function spawnKernel({ argv, workingFolder, environment }: KernelCommand, connectionFile: string): ChildProcess {
  const [program = "", ...parameters] = argv.map((part) => part.replace("{connection_file}", connectionFile));
  const env = { ...process.env, ...environment, JPY_PARENT_PID: String(process.pid) };
  return spawn(program, parameters, { cwd: workingFolder, env, stdio: ["ignore", "ignore", "pipe"] });
}

function notStarted({ argv, workingFolder }: KernelCommand, reason: string): ProtocolError {
  const message = `The kernel did not start in ${workingFolder}: ${reason}. It was to be started by: ${argv.join(" ")}`;
  return new ProtocolError("kernel-not-started", message, { facts: { argv, workingFolder } });
}

/** How the process ended; whatever waits for it then fails with the last lines of its standard error. */
function endOf(
  child: ChildProcess,
  { client, command }: { client: KernelClient; command: KernelCommand },
): Promise<number | NodeJS.Signals> {
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-keptErrorLength);
  });
  return new Promise((resolve) => {
    child.once("error", ({ message }) => {
      client.fail(notStarted(command, message));
      resolve(-1);
    });
    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      const end = signal ?? code ?? -1;
      const message = `The kernel ended (${typeof end === "number" ? `exit code ${end}` : end}). ${errors.trim()}`;
      client.fail(new ProtocolError("kernel-died", message.trim(), { facts: { end } }));
      resolve(end);
    };
    child.once("close", finish);
    // A process that it left behind may keep its standard error open for ever.
    child.once("exit", (code, signal) =>
      setTimeout(() => {
        finish(code, signal);
      }, lastWordsMilliseconds),
    );
  });
}

interface Ending {
  readonly client: KernelClient;
  readonly ended: Promise<unknown>;
  readonly graceSeconds: number;
}

async function shutDown(child: ChildProcess, { client, ended, graceSeconds }: Ending): Promise<void> {
  const asked = client.request("shutdown_request", { restart: false }, { socket: "control" });
  asked.catch(() => undefined);
  const timer = setTimeout(() => child.kill("SIGKILL"), graceSeconds * 1000);
  await ended.finally(() => {
    clearTimeout(timer);
  });
  await client[Symbol.asyncDispose]();
}
