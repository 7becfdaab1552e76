import type { CellError, CellOutcome, ExpressionOutcome } from "../cell.ts";
import type { CellProgram, Program } from "../executor.ts";
import { sourceName } from "../sourceName.ts";
import { bundleOf } from "./bundle.ts";
import { abandonCell, asCell, beginCell, KeyboardInterrupt, shared } from "./cellContext.ts";
import { cellErrorOf, syntaxErrorAt } from "./cellError.ts";
import { displaysOf, isDisplayHandle, isShowing } from "./display.ts";
import { evaluate, type Evaluated } from "./evaluation.ts";
import { timing } from "./kernelControl.ts";
import { expectCell, tell } from "./outbox.ts";
import { rememberCode, writtenPosition } from "./sources.ts";

/** The cell that is running. */
interface Run {
  readonly id: number;
  readonly program: CellProgram;
  readonly startedAt: number;
}

/** The value of the last expression, if there was one. */
let result: { readonly value: unknown } | null = null;
let running: Run | null = null;

/** Takes the value of the last expression. */
export function takeResult(value: unknown): void {
  result = { value };
}

function lastValue(): unknown {
  return result?.value;
}

function tellDone(run: Run, outcome: CellOutcome): void {
  timing.lastCellSeconds = (performance.now() - run.startedAt) / 1000;
  tell({ kind: "done", runId: run.id, outcome });
  running = null;
}

function end(run: Run, outcome: CellOutcome): void {
  if (running !== run) return;
  shared.runningId = 0;
  if (shared.interruptedId === run.id)
    abandonCell(run.program.cellId); // its end is told when the watchdog is calm
  else tellDone(run, outcome);
}

function errorOf(evaluated: Evaluated, file: string): CellError | null {
  if (evaluated.kind === "thrown") return cellErrorOf(evaluated.value);
  if (evaluated.kind === "stopped") return cellErrorOf(new KeyboardInterrupt());
  if (evaluated.kind === "value") return null;
  const { message, line, column } = evaluated;
  return syntaxErrorAt(message, writtenPosition({ file, line: line + 1, column: column + 1 }));
}

/** Tells the value of the last expression in its forms; a promise only where one is needed. */
function showResult({ program }: Run): Promise<void> | void {
  const { cellId, isSilent } = program;
  const value = lastValue();
  if (value === undefined || isSilent || isDisplayHandle(value)) return;
  const told = bundleOf(value);
  const tellData = (data: Awaited<typeof told>) => {
    tell({ kind: "event", cellId, event: { kind: "result", data, metadata: {} } });
  };
  if (told instanceof Promise) return told.then(tellData);
  tellData(told);
}

async function expressionOutcome(program: Program, name: string): Promise<ExpressionOutcome> {
  rememberCode(name, program);
  result = null;
  const evaluated = await new Promise<Evaluated>((resolve) => {
    evaluate(program.javascript, resolve);
  });
  const error = errorOf(evaluated, name);
  if (error !== null) return { error };
  try {
    return { data: await bundleOf(lastValue()) };
  } catch (fault) {
    return { error: cellErrorOf(fault) };
  }
}

async function expressionsOf({ expressions, executionCount }: CellProgram): Promise<Record<string, ExpressionOutcome>> {
  const outcomes: Record<string, ExpressionOutcome> = {};
  for (const [name, expression] of Object.entries(expressions))
    outcomes[name] = await expressionOutcome(expression, sourceName(executionCount, "Expression"));
  return outcomes;
}

/** Shows what the cell gives, and ends it; at once if nothing has to be waited for. */
async function conclude(run: Run): Promise<void> {
  const { program } = run;
  try {
    const shown = showResult(run);
    if (shown !== undefined) await shown;
    if (isShowing(program.cellId)) await displaysOf(program.cellId);
    const isPlain = Object.keys(program.expressions).length === 0;
    end(run, { status: "ok", expressions: isPlain ? {} : await expressionsOf(program) });
  } catch (error) {
    end(run, { status: "error", error: cellErrorOf(error) });
  } finally {
    result = null;
  }
}

/** Runs a cell and tells the parent how it ended. */
export function runCell(id: number, program: CellProgram): void {
  const { cellId, executionCount, javascript } = program;
  const name = sourceName(executionCount);
  const run: Run = { id, program, startedAt: performance.now() };
  rememberCode(name, program);
  beginCell(cellId);
  expectCell();
  result = null;
  running = run;
  shared.startedAt = Date.now();
  shared.runningId = id;
  if (shared.interruptedId === id) {
    end(run, { status: "ok", expressions: {} });
    return;
  }
  asCell(cellId, () => {
    evaluate(javascript, (evaluated) => {
      const error = errorOf(evaluated, name);
      if (error === null) void asCell(cellId, () => conclude(run));
      else end(run, { status: "error", error });
    });
  });
}

/** Ends the cell that the watchdog stops, if it has not ended by itself. */
export function interruptCell(runId: number): void {
  if (running?.id === runId) end(running, { status: "ok", expressions: {} });
}

/** Tells the end of a cell that was interrupted, now that nothing more will be stopped in its name. */
export function tellInterrupted(runId: number): void {
  if (running?.id === runId) tellDone(running, { status: "error", error: cellErrorOf(new KeyboardInterrupt()) });
}
