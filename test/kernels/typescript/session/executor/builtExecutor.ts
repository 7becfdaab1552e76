import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CellEvent, CellOutcome, MimeBundle } from "../../../../../kernels/typescript/session/cell.ts";
import type * as Built from "../../../../../kernels/typescript/session/executor.ts";

const dist = new URL("../../../../../dist/kernels/typescript/session/executor.js", import.meta.url).href;

/** An executor of the built package, with everything that it told. */
export interface TestExecutor extends AsyncDisposable {
  readonly executor: Built.Executor;
  readonly folder: string;
  readonly events: { readonly cellId: number; readonly event: CellEvent }[];
  readonly requests: Built.ExecutorRequest[];
  readonly losses: string[];
  /** Runs a cell, whose id and execution count are the next number. */
  run(code: string, options?: Partial<Built.CellProgram>): Promise<CellOutcome>;
  /** The number of the last cell. */
  readonly lastCellId: number;
  textOf(cellId: number, name?: "stdout" | "stderr"): string;
  /** What the last expression of a cell showed; it is handed over as `show(value)`. */
  resultOf(cellId: number): MimeBundle | null;
  /** The text that the value of an expression shows. */
  valueOf(expression: string): Promise<string>;
}

function programOf(cellId: number, code: string): Built.CellProgram {
  const javascript = `${code}\n//# sourceURL=In[${cellId}]`;
  return { cellId, executionCount: cellId, javascript, code, expressions: {}, isSilent: false };
}

/** Starts an executor in a folder of its own, or in the given one. */
export async function startBuiltExecutor(options: Partial<Built.ExecutorOptions> = {}): Promise<TestExecutor> {
  const { startExecutor } = (await import(dist)) as typeof Built;
  const folder = options.workingFolder ?? mkdtempSync(join(tmpdir(), "numalab-executor-"));
  const events: TestExecutor["events"] = [];
  const requests: Built.ExecutorRequest[] = [];
  const losses: string[] = [];
  let lastCellId = 0;
  const executor = startExecutor({
    workingFolder: folder,
    command: [],
    onEvent: (cellId, event) => void events.push({ cellId, event }),
    onRequest: (request) => void requests.push(request),
    onLost: (reason) => void losses.push(reason),
    ...options,
  });
  const eventsOf = (cellId: number) => events.filter((one) => one.cellId === cellId).map(({ event }) => event);
  const tester: TestExecutor = {
    executor,
    folder,
    events,
    requests,
    losses,
    get lastCellId() {
      return lastCellId;
    },
    run: (code, more = {}) => executor.run({ ...programOf(++lastCellId, code), ...more }),
    textOf: (cellId, name = "stdout") =>
      eventsOf(cellId)
        .map((event) => (event.kind === "stream" && event.name === name ? event.text : ""))
        .join(""),
    resultOf: (cellId) => eventsOf(cellId).find((event) => event.kind === "result")?.data ?? null,
    async valueOf(expression) {
      const outcome = await tester.run(`__numalab.result(${expression})`);
      if (outcome.status === "error") throw new Error(outcome.error.traceback.join("\n"));
      return String(tester.resultOf(lastCellId)?.["text/plain"]);
    },
    async [Symbol.asyncDispose]() {
      await executor.close();
      if (options.workingFolder === undefined) rmSync(folder, { recursive: true });
    },
  };
  return tester;
}

/** Resolves when the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
