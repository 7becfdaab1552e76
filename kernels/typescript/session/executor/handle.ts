import type { Binder } from "../../../../sdk/launch/index.ts";
import type { CellEvent, CellOutcome, CommMessage } from "../cell.ts";
import type { CellProgram, Executor, ExecutorOptions, ExecutorRequest } from "../executor.ts";
import { createEventQueue, type EventQueue } from "./eventQueue.ts";
import { beginLife, type Death, type Life } from "./life.ts";
import type { Answer, ExecutorSettings, FromExecutor } from "./wire.ts";

/** After this long without an answer to an interrupt, the process is replaced. */
const patienceMilliseconds = 5000;
/** An interrupt is repeated this often, in case the first hit the executor's own code. */
const repeatMilliseconds = 500;
const membersMilliseconds = 150;

/** The cell that is running. */
interface Run {
  readonly id: number;
  readonly program: CellProgram;
  readonly end: (outcome: CellOutcome) => void;
  isSent: boolean;
  /** Whether it would not stop. */
  isGivenUp: boolean;
  /** Repeats the interrupt until the cell has ended. */
  interrupter: NodeJS.Timeout | null;
}

const lost = "all variables are lost";
const ended = `the process that runs cells was ended: ${lost}`;
const stubborn = `the cell did not stop within ${patienceMilliseconds / 1000} s, so its process was replaced: ${lost}`;

function failed(name: string, message: string): CellOutcome {
  return { status: "error", error: { name, message, traceback: [`${name}: ${message}`] } };
}

const interrupted = failed("KeyboardInterrupt", "the cell was interrupted");

/** The parent's end of an executor. */
export class ExecutorHandle implements Executor, AsyncDisposable {
  readonly #options: ExecutorOptions;
  readonly #queue: EventQueue;
  readonly #members = new Map<number, (names: readonly string[]) => void>();
  #command: readonly string[];
  #bind: Binder | undefined;
  #settings: ExecutorSettings = { typeChecking: "warn", showTime: false };
  /** Null when it has ended before it was up, or for good. */
  #life: Life | null;
  #run: Run | null = null;
  #lastCellId: number | null = null;
  #lastId = 0;
  #isEnding = false;
  /** Whether a cell waits for an answer, be it one that has ended. */
  #isAsking = false;
  #hasRoom = true;

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#command = options.command;
    this.#bind = options.bind;
    this.#queue = createEventQueue({ onEvent: options.onEvent, onRoom: this.#makeRoom.bind(this) });
    this.#life = this.#begin();
  }

  get processId(): number {
    return this.#life?.process.processId ?? 0;
  }

  async run(program: CellProgram): Promise<CellOutcome> {
    const outcome = await new Promise<CellOutcome>((end) => {
      const state = { isSent: false, isGivenUp: false, interrupter: null };
      const run: Run = { id: ++this.#lastId, program, end, ...state };
      this.#run = run;
      void this.#send(run);
    });
    await this.#drain();
    return outcome;
  }

  interrupt(): void {
    const run = this.#run;
    if (run === null || run.interrupter !== null) return;
    if (run.isSent) this.#press(run);
    else this.#end(run, interrupted);
  }

  #press(run: Run): void {
    this.#answer({ isInterrupted: true });
    const startedAt = performance.now();
    const press = () => {
      run.isGivenUp = performance.now() - startedAt >= patienceMilliseconds;
      if (run.isGivenUp) void this.#life?.process.end();
      else this.#life?.process.interrupt({ interruptedRunId: run.id });
    };
    run.interrupter = setInterval(press, repeatMilliseconds);
    this.#makeRoom(this.#hasRoom);
    press();
  }

  answer(text: string | null): void {
    this.#answer({ text });
  }

  /** Answers the question that waits; without one nothing happens, for the answer would go to the next. */
  #answer(answer: Answer): void {
    if (!this.#isAsking) return;
    this.#isAsking = false;
    this.#life?.process.answer(answer);
  }

  async membersOf(expression: string): Promise<readonly string[]> {
    const id = ++this.#lastId;
    const answered = new Promise<readonly string[]>((resolve) => {
      this.#members.set(id, resolve);
      setTimeout(resolve, membersMilliseconds, []).unref();
    });
    this.#life?.process.send({ kind: "members", id, expression });
    const names = await answered;
    this.#members.delete(id);
    return names;
  }

  comm(message: CommMessage): void {
    this.#life?.process.send({ kind: "comm", message });
  }

  async restart(command: readonly string[], bind?: Binder): Promise<void> {
    await this.close();
    this.#isEnding = false;
    this.#command = command;
    this.#bind = bind;
    this.#life = this.#begin();
    const fault = await this.#life.isUp;
    if (fault !== null) throw new Error(`The process that runs cells ${fault}`);
  }

  async close(): Promise<void> {
    this.#isEnding = true;
    await this.#life?.process.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #isInterrupting(): boolean {
    return (this.#run?.interrupter ?? null) !== null;
  }

  #begin(): Life {
    this.#isAsking = false;
    return beginLife({
      workingFolder: this.#options.workingFolder,
      command: this.#command,
      ...(this.#bind === undefined ? {} : { bind: this.#bind }),
      settings: this.#settings,
      onMessage: this.#take.bind(this),
      onText: (name, text) => {
        if (this.#lastCellId !== null) this.#queue.push(this.#lastCellId, { kind: "stream", name, text }, text.length);
      },
      onDeath: this.#mourn.bind(this),
    });
  }

  async #send(run: Run): Promise<void> {
    const life = (this.#life ??= this.#begin());
    const fault = await life.isUp;
    if (this.#run !== run) return;
    if (fault !== null) {
      this.#end(run, failed("ExecutorDied", this.#isEnding ? ended : `the process that runs cells ${fault}`));
      return;
    }
    run.isSent = true;
    this.#lastCellId = run.program.cellId;
    life.process.send({ kind: "run", runId: run.id, program: run.program });
  }

  #end(run: Run, outcome: CellOutcome): void {
    if (run.interrupter !== null) clearInterval(run.interrupter);
    if (this.#run === run) this.#run = null;
    this.#makeRoom(this.#hasRoom);
    run.end(outcome);
  }

  /** Waits until everything that was written so far has been taken. */
  async #drain(): Promise<void> {
    do {
      await this.#queue.flush();
      await this.#life?.process.drain();
    } while (!this.#hasRoom);
    await this.#queue.flush();
  }

  /** A cell that is being interrupted is read whatever waits already: it may hang in a write. */
  #makeRoom(hasRoom: boolean): void {
    this.#hasRoom = hasRoom;
    this.#life?.process.read(hasRoom || this.#isInterrupting);
  }

  #take(message: FromExecutor, length: number): void {
    if (message.kind === "event") this.#takeEvent(message.cellId, message.event, length);
    else if (message.kind === "request") this.#takeRequest(message.request);
    else if (message.kind === "members") this.#members.get(message.id)?.(message.names);
    else if (message.kind === "done" && this.#run?.id === message.runId) this.#end(this.#run, message.outcome);
  }

  #takeEvent(cellId: number, event: CellEvent, length: number): void {
    if (event.kind === "ask") this.#isAsking = true;
    if (event.kind === "ask" && this.#isInterrupting) this.#answer({ isInterrupted: true });
    else this.#queue.push(cellId, event, length);
  }

  #takeRequest(request: ExecutorRequest): void {
    if (request.kind === "settings") this.#settings = request;
    this.#options.onRequest(request);
  }

  /** Tells of a process that has ended, and starts the next one, unless it would fare as ill. */
  #mourn(death: Death): void {
    const run = this.#run;
    const told = this.#toldOf(death);
    const isLost = death.wasUp && !this.#isEnding;
    this.#life = isLost ? this.#begin() : null;
    if (isLost) this.#options.onLost(told);
    if (run?.isSent === true) this.#end(run, failed(run.isGivenUp ? "KeyboardInterrupt" : "ExecutorDied", told));
  }

  #toldOf({ reason }: Death): string {
    if (this.#isEnding) return ended;
    return this.#run?.isGivenUp === true ? stubborn : `the process that runs cells ${reason}: ${lost}`;
  }
}
