import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { Readable } from "node:stream";
import type { Binder } from "../../../../sdk/launch/index.ts";
import { endTree } from "./processTree.ts";
import {
  descriptors,
  lineReader,
  parseLine,
  processMark,
  type Answer,
  type FromExecutor,
  type ToExecutor,
  type ToWatchdog,
} from "./wire.ts";

/** What a process that runs cells is started with, and whom it tells. */
export interface ExecutorProcessOptions {
  readonly workingFolder: string;
  /** The command that binds it; may be empty. */
  readonly command: readonly string[];
  /** What binds it where no command does. */
  readonly bind?: Binder;
  /** Called with each message, and the length of its line. */
  readonly onMessage: (message: FromExecutor, length: number) => void;
  /** Called with what native code and child processes write. */
  readonly onText: (name: "stdout" | "stderr", text: string) => void;
  /** Called once, when it and all that it started are gone and everything it wrote has been read. */
  readonly onEnd: (reason: string) => void;
}

/** One process that runs cells, seen from its parent. */
export interface ExecutorProcess {
  readonly processId: number;
  send(message: ToExecutor): void;
  interrupt(message: ToWatchdog): void;
  answer(answer: Answer): void;
  /** Reads on, or no more until told. */
  read(isReading: boolean): void;
  /** Resolves when everything that the process had written so far has been handed on, provided that it is being read. */
  drain(): Promise<void>;
  /** Kills it with all that it started; resolves when `onEnd` was called. */
  end(): Promise<void>;
}

const mainFile = fileURLToPath(new URL("./main.js", import.meta.url));
/** The second lets V8 stop a cell in a timer without Node taking it for corruption; the third keeps JSON imports quiet. */
const nodeOptions = ["--no-force-async-hooks-checks", "--disable-warning=ExperimentalWarning"];
const stdio: StdioOptions = ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe", "pipe"];
/** A process that was killed may have left its pipes to one that cannot be killed. */
const closeMilliseconds = 1000;

function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "was killed by SIGKILL (perhaps because the machine ran out of memory)";
  if (signal !== null) return `was ended by ${signal}`;
  return `ended with exit code ${code ?? "unknown"}`;
}

/** Hands on the messages of the executor, each once. */
function messageReader(onMessage: ExecutorProcessOptions["onMessage"]): (text: string) => void {
  let lastSequence = 0;
  return lineReader((line) => {
    const parsed = parseLine(line);
    if (parsed === null || parsed.sequence <= lastSequence) return;
    lastSequence = parsed.sequence;
    onMessage(parsed.message, line.length);
  });
}

/** One turn of the event loop, in which every pipe that has something is read. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

class ExecutorChild implements ExecutorProcess {
  readonly #child: ChildProcess;
  readonly #mark = `${process.pid}-${randomUUID()}`;
  readonly #outputs: Readable[];
  readonly #ended: Promise<void>;

  constructor(options: ExecutorProcessOptions) {
    const { workingFolder: cwd, command, bind, onMessage, onText, onEnd } = options;
    const [program, ...args] = [...command, process.execPath, ...nodeOptions, mainFile];
    const env = { ...process.env, [processMark]: this.#mark };
    const start = (): ChildProcess => spawn(program, args, { cwd, env, stdio, detached: true });
    this.#child = bind === undefined ? start() : bind(start);
    this.#outputs = [
      this.#listen(1, onText.bind(null, "stdout")),
      this.#listen(2, onText.bind(null, "stderr")),
      this.#listen(descriptors.fromExecutor, messageReader(onMessage)),
    ];
    for (const index of [descriptors.toExecutor, descriptors.toWatchdog, descriptors.answers])
      this.#pipe(index).on("error", () => undefined); // it has ended: `onEnd` tells
    this.#ended = this.#wait(cwd).then(onEnd);
  }

  get processId(): number {
    return this.#child.pid ?? 0;
  }

  send(message: ToExecutor): void {
    this.#write(descriptors.toExecutor, message);
  }

  interrupt(message: ToWatchdog): void {
    this.#write(descriptors.toWatchdog, message);
  }

  answer(answer: Answer): void {
    this.#write(descriptors.answers, answer);
  }

  read(isReading: boolean): void {
    for (const output of this.#outputs) {
      if (isReading) output.resume();
      else output.pause();
    }
  }

  async drain(): Promise<void> {
    await turn();
    await turn(); // the second has begun after the call, and so sees all that a pipe can hold
  }

  end(): Promise<void> {
    this.#endTree();
    return this.#ended;
  }

  #endTree(): void {
    if (this.#child.pid !== undefined) endTree(this.#child.pid, this.#mark);
  }

  #pipe(index: number): Socket {
    return this.#child.stdio[index] as Socket;
  }

  #listen(index: number, onText: (text: string) => void): Readable {
    return this.#pipe(index)
      .setEncoding("utf8")
      .on("error", () => undefined)
      .on("data", onText);
  }

  #write(index: number, message: ToExecutor | ToWatchdog | Answer): void {
    if (this.#pipe(index).writable) this.#pipe(index).write(JSON.stringify(message) + "\n");
  }

  /** Why it ended. What it started is killed then, and what it wrote read to the end. */
  async #wait(folder: string): Promise<string> {
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    const reason = await new Promise<string>((resolve) => {
      this.#child.once("error", (error) => {
        resolve(`could not be started: ${existsSync(folder) ? error.message : `there is no folder ${folder}`}`);
      });
      this.#child.once("exit", (code, signal) => {
        resolve(reasonOf(code, signal));
      });
    });
    this.#endTree();
    this.read(true);
    const timer = new Promise((resolve) => setTimeout(resolve, closeMilliseconds).unref());
    await Promise.race([closed, timer]);
    for (const stream of this.#child.stdio) stream?.destroy();
    return reason;
  }
}

/** A process that is starting; it says `ready` when it is. */
export function startExecutorProcess(options: ExecutorProcessOptions): ExecutorProcess {
  return new ExecutorChild(options);
}
