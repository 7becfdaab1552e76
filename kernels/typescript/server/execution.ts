import { setTimeout as delay } from "node:timers/promises";
import { textIn, type JsonObject } from "../protocol/messages.ts";
import type { Request } from "../protocol/sockets.ts";
import type { Cell, CellOutcome, ExpressionOutcome } from "../session/cell.ts";
import { errorFieldsOf, type CellEvents } from "./events.ts";
import type { History } from "./history.ts";
import type { LazySession } from "./lazySession.ts";
import type { Output } from "./output.ts";
import type { Replies } from "./replies.ts";
import type { Status } from "./status.ts";

/** Runs the cells that are asked for, one after another. */
export interface Execution {
  add(request: Request): void;
}

/** What the execution of cells works with. */
export interface ExecutionParts {
  readonly events: CellEvents;
  readonly history: History;
  readonly output: Output;
  readonly status: Status;
  readonly session: LazySession;
  readonly replies: Pick<Replies, "reply">;
  /** A cell that nothing waits behind stays busy for so long at most, while its types are checked. */
  readonly typesMilliseconds: number;
}

/** After an error this long is waited for requests that were sent behind it: they are aborted too. */
const settleMilliseconds = 15;
/** Longer cells are refused: reading one takes TypeScript more memory than a kernel may use. */
const maximumCodeLength = 10_000_000;

function failureOf({ name, message }: Error): CellOutcome {
  return { status: "error", error: { name, message, traceback: [`${name}: ${message}`] } };
}

function expressionReplyOf(outcome: ExpressionOutcome): JsonObject {
  if ("error" in outcome) return { status: "error", ...errorFieldsOf(outcome.error) };
  return { status: "ok", data: outcome.data, metadata: {} };
}

function replyOf(outcome: CellOutcome, payload: readonly JsonObject[]): JsonObject {
  if (outcome.status === "error") return errorFieldsOf(outcome.error);
  const replies = Object.entries(outcome.expressions).map(([name, value]) => [name, expressionReplyOf(value)]);
  return { payload, user_expressions: Object.fromEntries(replies) as JsonObject };
}

function expressionsIn({ user_expressions: expressions }: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(expressions ?? {}).map(([name, text]) => [name, String(text)]));
}

/** Gives every cell its id and its execution count, and remembers it. */
function createNumbering(history: History) {
  let cellId = 0;
  let executionCount = 0;
  return {
    lastCount: () => executionCount,
    cellOf({ content }: Request): Cell {
      const { silent, store_history: isStored } = content;
      const cell: Cell = {
        id: ++cellId,
        executionCount: executionCount + 1,
        code: shortened(textIn(content, "code")),
        isSilent: silent === true,
        expressions: expressionsIn(content),
      };
      if (cell.isSilent || isStored === false) return cell;
      executionCount = cell.executionCount;
      history.add(executionCount, cell.code);
      return cell;
    },
  };
}

/** What is kept of code that is too long to be run. */
const shortened = (code: string): string => (code.length > maximumCodeLength ? `${code.slice(0, 1000)}…` : code);

async function outcomeOf(cell: Cell, request: Request, session: LazySession): Promise<CellOutcome> {
  const { length } = textIn(request.content, "code");
  if (length > maximumCodeLength) {
    const message = `This cell has ${length} characters; a cell may have ${maximumCodeLength}. Read the data from a file.`;
    return failureOf(new RangeError(message));
  }
  try {
    return await (await session.ready()).run(cell);
  } catch (error) {
    return failureOf(error as Error);
  }
}

/** Tells everyone how a cell ended, and answers who asked for it. Resolves to whether what waits behind it is aborted. */
async function conclude(
  { request, cell, outcome }: { readonly request: Request; readonly cell: Cell; readonly outcome: CellOutcome },
  { events, output, replies }: ExecutionParts,
): Promise<boolean> {
  const { payload, uncaught } = events.end();
  const isPublished = outcome.status === "ok" && uncaught !== null;
  const told: CellOutcome = isPublished ? { status: "error", error: uncaught } : outcome;
  const details = replyOf(told, payload);
  const isFailed = told.status === "error";
  if (isFailed && !isPublished && !cell.isSilent) void output.publish("error", details, { parent: request.header });
  const isAborting = isFailed && request.content["stop_on_error"] !== false;
  if (isAborting) await delay(settleMilliseconds);
  await output.sent();
  replies.reply(request, { status: told.status, execution_count: cell.executionCount, ...details });
  return isAborting;
}

/** Resolves when the types of the cell were told, if that is soon: front ends that save a notebook do not hear what comes behind `idle`. */
async function typesTold({ session, typesMilliseconds }: ExecutionParts): Promise<void> {
  const checked = session.ready().then((started) => started.checked());
  await Promise.race([checked.catch(() => undefined), delay(typesMilliseconds, undefined, { ref: false })]);
}

/** An execution without requests. */
export function createExecution(parts: ExecutionParts): Execution {
  const { events, output, status, session, replies } = parts;
  const numbering = createNumbering(parts.history);
  const waiting: Request[] = [];
  let isRunning = false;
  let tellArrival: () => void = () => undefined;

  const run = async (request: Request): Promise<void> => {
    const { header: parent } = request;
    status.runs(parent);
    status.busy(parent);
    const cell = numbering.cellOf(request);
    const { code, executionCount: execution_count, isSilent } = cell;
    if (!isSilent) void output.publish("execute_input", { code, execution_count }, { parent });
    events.begin(cell, request);
    const outcome = await outcomeOf(cell, request, session);
    const aborted = (await conclude({ request, cell, outcome }, parts)) ? waiting.splice(0) : [];
    if (waiting.length + aborted.length === 0) await Promise.race([typesTold(parts), arrival()]);
    status.runs(null);
    status.idle(parent);
    aborted.forEach(abort);
  };
  const arrival = () => new Promise<void>((resolve) => (tellArrival = resolve));
  const abort = (request: Request): void => {
    status.busy(request.header);
    replies.reply(request, { status: "aborted", execution_count: numbering.lastCount() });
    status.idle(request.header);
  };
  const runAll = async (): Promise<void> => {
    isRunning = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next);
    isRunning = false;
  };
  return {
    add(request) {
      waiting.push(request);
      tellArrival();
      if (!isRunning) void runAll();
    },
  };
}
