import { faultOfBinding, planBinding, unbound, type PlannedBinding } from "./binding.ts";
import type { Cell, CellError, CellOutcome, CommMessage, MimeBundle } from "./cell.ts";
import { isComplete } from "./completeness.ts";
import { startExecutor, type Executor, type ExecutorRequest } from "./executor.ts";
import { rewriteExpressions, withFaults } from "./expressions.ts";
import { earlyInterrupt, errorOf, failed, typeCheckError } from "./failure.ts";
import type { BindingRequest, KernelControl } from "./globals.ts";
import { startLanguage, type Language } from "./language.ts";
import { createRewriter } from "./rewrite.ts";
import { soon } from "./soon.ts";
import type { Completeness, Completion, Session, SessionOptions } from "./session.ts";

/** The type service starts this much later than the executor, which the first cell needs more. */
const languageDelayMilliseconds = 150;

const noCompletion = (position: number): Completion => ({ matches: [], kinds: [], start: position, end: position });

class CellSession implements Session {
  readonly #options: SessionOptions;
  readonly #rewriter = createRewriter();
  /** Pending while the executor is being bound. */
  #isReady: Promise<void>;
  /** Pending while the types of the last cell are checked. */
  #isChecked: Promise<void> = Promise.resolve();
  #executor: Executor | null = null;
  #language: Language | null = null;
  #bound: PlannedBinding = unbound;
  /** The process whose binding was read back. */
  #verifiedProcessId = 0;
  #bindingFault: unknown = null;
  #typeChecking: KernelControl["typeChecking"] = "warn";
  #showTime = false;
  #restart: { readonly binding: BindingRequest | null } | null = null;
  #lastCellId = 0;
  #isRunning = false;
  /** Whether the running cell was to stop, be it before it came to the executor. */
  #isInterrupted = false;
  /** Whether the running cell lost its executor, and so its names. */
  #isLost = false;
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#isReady = this.#bind(options.binding);
    setImmediate(() => this.#rewriter.rewrite({ cellId: 0, executionCount: 0, code: "1" })); // loads the compiler
    setTimeout(() => this.#types(), languageDelayMilliseconds).unref();
  }

  async run(cell: Cell): Promise<CellOutcome> {
    this.#lastCellId = cell.id;
    this.#isRunning = true;
    this.#isInterrupted = false;
    const startedAt = performance.now();
    const outcome = await this.#run(cell).catch((thrown: unknown) => failed(errorOf(thrown)));
    if (this.#showTime && !cell.isSilent) this.#remark(`${((performance.now() - startedAt) / 1000).toFixed(3)} s`);
    if (this.#restart !== null) await this.#rebind(this.#restart.binding);
    this.#isRunning = false;
    return outcome;
  }

  checked(): Promise<void> {
    return this.#isChecked;
  }

  interrupt(): void {
    if (!this.#isRunning) return;
    this.#isInterrupted = true;
    this.#executor?.interrupt();
  }

  answer(text: string | null): void {
    this.#executor?.answer(text);
  }

  async complete(code: string, position: number): Promise<Completion> {
    const typed = await soon(this.#types()?.complete(code, position));
    if (typed === null) return noCompletion(position);
    if (typed.matches.length > 0 || typed.memberOf === null) return typed;
    const members = (await this.#executor?.membersOf(typed.memberOf)) ?? [];
    const prefix = code.slice(typed.start, position);
    const matches = members.filter((name) => name.startsWith(prefix));
    return { ...typed, matches, kinds: matches.map(() => "property") };
  }

  async inspect(code: string, position: number, detailLevel: number): Promise<MimeBundle | null> {
    return soon(this.#types()?.inspect(code, position, detailLevel));
  }

  isComplete(code: string): Completeness {
    return isComplete(code);
  }

  comm(message: CommMessage): void {
    this.#executor?.comm(message);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#executor?.close(), this.#language?.close()]);
  }

  async #run(cell: Cell): Promise<CellOutcome> {
    await this.#isReady;
    if (this.#executor === null) return failed(errorOf(this.#bindingFault));
    const { id: cellId, executionCount, code, isSilent } = cell;
    const rewritten = this.#rewriter.rewrite({ cellId, executionCount, code });
    if (rewritten.hint !== null) this.#remark(rewritten.hint);
    const refusal = await this.#check(cell);
    if (refusal !== null) return failed(refusal);
    if (this.#isInterrupted) return failed(earlyInterrupt());
    const expressions = rewriteExpressions({ ...cell, cellId }, this.#rewriter);
    const program = { cellId, executionCount, code, isSilent, expressions: expressions.programs };
    const outcome = await this.#executor.run({ ...program, javascript: rewritten.javascript });
    if (!this.#isLost) this.#rewriter.commit(rewritten);
    this.#isLost = false;
    await this.#verify();
    return withFaults(outcome, expressions);
  }

  /** Type errors as remarks beside the run, or, where they are to keep a cell from running, as its error. */
  async #check({ code, id }: Cell): Promise<CellError | null> {
    const language = this.#types();
    const checked = this.#typeChecking === "off" ? undefined : language?.check(code);
    if (this.#typeChecking === "error") {
      const frames = (await checked) ?? [];
      if (frames.length > 0) return typeCheckError(frames);
    }
    language?.commit(code);
    if (this.#typeChecking === "warn" && checked !== undefined) this.#isChecked = this.#warn(checked, id);
    return null;
  }

  async #warn(checked: Promise<readonly string[]>, cellId: number): Promise<void> {
    for (const text of await checked) this.#remark(text, cellId);
  }

  async #bind(binding: BindingRequest): Promise<void> {
    try {
      this.#bound = await planBinding(binding);
      if (this.#isClosed) return;
      const { command, bind } = this.#bound;
      if (this.#executor === null) this.#executor = this.#start(this.#bound);
      else await this.#executor.restart(command, bind);
    } catch (error) {
      this.#bindingFault = error;
    }
  }

  async #rebind(binding: BindingRequest | null): Promise<void> {
    this.#restart = null;
    this.#bindingFault = null;
    if (binding === null) await this.#executor?.restart(this.#bound.command, this.#bound.bind);
    else await this.#bind(binding);
    if (this.#bindingFault === null) this.#forget();
    else this.#remark(`Not bound anew: ${errorOf(this.#bindingFault).message}`);
  }

  #start({ command, bind }: PlannedBinding): Executor {
    return startExecutor({
      workingFolder: this.#options.workingFolder,
      command,
      bind,
      onEvent: this.#options.onEvent,
      onRequest: (request) => {
        this.#obey(request);
      },
      onLost: (reason) => {
        this.#isLost = this.#isRunning;
        this.#forget();
        if (!this.#isRunning) this.#remark(reason);
      },
    });
  }

  #obey(request: ExecutorRequest): void {
    if (request.kind === "settings") {
      this.#typeChecking = request.typeChecking;
      this.#showTime = request.showTime;
    } else if (this.#isRunning) this.#restart = { binding: request.binding };
    else {
      this.#remark("The process that runs cells starts anew: all variables are gone.");
      this.#isReady = this.#rebind(request.binding);
    }
  }

  /** Says once for every process that it does not run where it was to. */
  async #verify(): Promise<void> {
    const processId = this.#executor?.processId ?? 0;
    if (processId === this.#verifiedProcessId) return;
    this.#verifiedProcessId = processId;
    const fault = await faultOfBinding(processId, this.#bound);
    if (fault !== null) this.#remark(fault);
  }

  #types(): Language | null {
    if (this.#isClosed) return null;
    const { workingFolder } = this.#options;
    this.#language ??= startLanguage({
      workingFolder,
      onLost: (reason) => {
        this.#remark(reason);
      },
    });
    return this.#language;
  }

  #forget(): void {
    this.#rewriter.forget();
    this.#language?.forget();
    void this.#options.onEvent(this.#lastCellId, { kind: "fresh" });
  }

  #remark(text: string, cellId = this.#lastCellId): void {
    void this.#options.onEvent(cellId, { kind: "remark", text });
  }
}

/** A session whose executor is starting; a binding that cannot be had is told by the first cell. */
export function createSession(options: SessionOptions): Session {
  return new CellSession(options);
}
