import type { CellEvent, CellOutcome, CommMessage } from "../cell.ts";
import type { CellProgram, ExecutorRequest } from "../executor.ts";

/** What a fresh executor must know before its first cell. */
export interface ExecutorStart {
  readonly settings: ExecutorSettings;
  /** The command that binds it; empty when unbound. */
  readonly command: readonly string[];
}

/** The settings a cell can change; the parent remembers them for the next executor. */
export interface ExecutorSettings {
  readonly typeChecking: "off" | "warn" | "error";
  readonly showTime: boolean;
}

/** What the parent tells the executor's main thread. */
export type ToExecutor =
  | { readonly kind: "start"; readonly start: ExecutorStart }
  | { readonly kind: "run"; readonly runId: number; readonly program: CellProgram }
  | { readonly kind: "members"; readonly id: number; readonly expression: string }
  | { readonly kind: "comm"; readonly message: CommMessage };

/** What the parent tells the watchdog: stop this run. */
export interface ToWatchdog {
  readonly interruptedRunId: number;
}

/** The reply to a question that a cell waits for. */
export type Answer = { readonly text: string | null } | { readonly isInterrupted: true };

/** What the executor tells its parent. */
export type FromExecutor =
  | { readonly kind: "ready" }
  | { readonly kind: "event"; readonly cellId: number; readonly event: CellEvent }
  | { readonly kind: "done"; readonly runId: number; readonly outcome: CellOutcome }
  | { readonly kind: "members"; readonly id: number; readonly names: readonly string[] }
  | { readonly kind: "request"; readonly request: ExecutorRequest };

/** The file descriptors of the executor, beside the standard three. */
export const descriptors = { fromExecutor: 3, toExecutor: 4, toWatchdog: 5, answers: 6 } as const;

/** The environment variable by which every process that a cell started is known, whoever its parent has become. */
export const processMark = "NUMALAB_EXECUTOR";

/** A message as a line; the number tells a repeated line from a new one. */
export function formatLine(sequence: number, message: FromExecutor): string {
  return `${sequence} ${JSON.stringify(message)}\n`;
}

/**
 * The sequence number and message of a line; null for a torn one. A cell can be stopped in the middle of a write: the executor
 * then writes the line again, after a line break.
 */
export function parseLine(line: string): { readonly sequence: number; readonly message: FromExecutor } | null {
  const space = line.indexOf(" ");
  if (space === -1) return null;
  try {
    return { sequence: Number(line.slice(0, space)), message: JSON.parse(line.slice(space + 1)) as FromExecutor };
  } catch {
    return null;
  }
}

/** A function that takes text in pieces and hands on its lines, in linear time however long a line is. */
export function lineReader(onLine: (line: string) => void): (text: string) => void {
  let pieces: string[] = [];
  return (text) => {
    const lines = text.split("\n");
    const rest = lines.pop() ?? "";
    for (const line of lines) {
      onLine(pieces.length === 0 ? line : pieces.join("") + line);
      pieces = [];
    }
    if (rest !== "") pieces.push(rest);
  };
}
