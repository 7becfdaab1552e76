import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openClient, readyKernel, type KernelClient } from "../../../../kernels/typescript/protocol/client.ts";
import type { Connection } from "../../../../kernels/typescript/protocol/connection.ts";
import type { JsonObject, Message } from "../../../../kernels/typescript/protocol/messages.ts";
import { startServer, type Server } from "../../../../kernels/typescript/server.ts";
import { kernelInfoOf } from "../../../../kernels/typescript/server/kernelInfo.ts";
import type { Cell, CellEvent, CellOutcome, CommMessage } from "../../../../kernels/typescript/session/cell.ts";
import type { Session } from "../../../../kernels/typescript/session/session.ts";

/** What a scripted cell can do. */
export interface Stage {
  readonly cell: Cell;
  readonly emit: (event: CellEvent) => Promise<void>;
  /** Emits for a cell that ended long ago. */
  readonly emitFor: (cellId: number, event: CellEvent) => Promise<void>;
  /** The next answer of the front end. */
  readonly answered: () => Promise<string | null>;
  /** Resolves when an interrupt arrives. */
  readonly interrupted: () => Promise<void>;
}

/** What the cells of a scripted session do, by their code; a result is the outcome, nothing means ok. */
export type Script = Readonly<Record<string, (stage: Stage) => Promise<CellOutcome | undefined>>>;

/** An error outcome. */
export const failing = (name: string): CellOutcome => ({
  status: "error",
  error: { name, message: "no", traceback: [] },
});

/** A session that does what a script says, so that a server can be tried without processes. */
export function scriptedSession(
  script: Script,
  onEvent: (cellId: number, event: CellEvent) => void | Promise<void>,
): Session & { readonly comms: CommMessage[] } {
  let answer: (text: string | null) => void = () => undefined;
  let interrupt: () => void = () => undefined;
  const comms: CommMessage[] = [];
  return {
    comms,
    async run(cell) {
      const emitFor = async (cellId: number, event: CellEvent) => {
        await onEvent(cellId, event);
      };
      const outcome = await script[cell.code]?.({
        cell,
        emit: (event) => emitFor(cell.id, event),
        emitFor,
        answered: () => new Promise((resolve) => (answer = resolve)),
        interrupted: () => new Promise((resolve) => (interrupt = resolve)),
      });
      const expressions = Object.fromEntries(
        Object.entries(cell.expressions).map(([name, text]) => [name, { data: { "text/plain": text } }]),
      );
      return outcome ?? { status: "ok", expressions };
    },
    checked: () => Promise.resolve(),
    interrupt: () => {
      interrupt();
    },
    answer: (text) => {
      answer(text);
    },
    complete: (_, position) =>
      Promise.resolve({ matches: ["alpha"], kinds: ["const"], start: position - 1, end: position }),
    inspect: (code, position) => Promise.resolve(code === "" ? null : { "text/plain": code.slice(0, position) }),
    isComplete: (code) => (code.endsWith("{") ? { status: "incomplete", indent: "  " } : { status: "complete" }),
    comm(message) {
      comms.push(message);
      void onEvent(0, { kind: "comm", message: { type: "close", commId: message.commId, data: {} } });
    },
    close: () => Promise.resolve(),
  };
}

/** A server with a scripted session, and a front end connected to it. */
export interface ScriptedKernel extends AsyncDisposable {
  readonly server: Server;
  readonly connection: Connection;
  readonly client: KernelClient;
  readonly faults: string[];
  /** Runs code; its reply and what was published because of it. */
  run(
    code: string,
    options?: Parameters<KernelClient["execute"]>[1],
  ): Promise<{ reply: JsonObject; output: Message[] }>;
}

/** Starts a server in this process, over ipc. */
export async function startScriptedKernel(script: Script): Promise<ScriptedKernel> {
  const folder = mkdtempSync(join(tmpdir(), "numalab-test-"));
  const ports = { shell: 1, control: 2, stdin: 3, iopub: 4, hb: 5 };
  const connection: Connection = {
    transport: "ipc",
    ip: join(folder, "k"),
    key: randomBytes(8).toString("hex"),
    ports,
  };
  const faults: string[] = [];
  const server = await startServer({
    connection,
    kernelInfo: kernelInfoOf("on any CPU"),
    typesMilliseconds: 50,
    startSession: (onEvent) => Promise.resolve(scriptedSession(script, onEvent)),
    onFault: (sentence) => faults.push(sentence),
  });
  const client = openClient(connection);
  await readyKernel(client);
  return {
    ...{ server, connection, client, faults },
    async run(code, options = {}) {
      const output: Message[] = [];
      const reply = await client.execute(code, { ...options, onOutput: (message) => output.push(message) });
      return { reply, output };
    },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
