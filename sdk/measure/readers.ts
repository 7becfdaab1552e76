import { createInterface } from "node:readline";
import type { LaunchedInstance } from "../launch/index.ts";
import { MeasureError } from "./errors.ts";
import type { BlockRates, ReadersState } from "./worker/readerProcess.ts";

/** The line to a measuring process: one question at a time. */
export interface Readers {
  /** What the process says of itself when all buffers are in memory. */
  awaitReady(): Promise<ReadersState>;
  /** Bytes a second of each point, sampled in this order. */
  measureBlock(order: readonly number[]): Promise<BlockRates>;
}

const shownLinesCount = 5;

async function diedError({ exited }: LaunchedInstance): Promise<MeasureError> {
  const exit = await exited;
  const how = exit.signal === null ? `exit code ${exit.exitCode}` : `signal ${exit.signal}`;
  const words = exit.lastStderrLines.slice(-shownLinesCount).join("\n") || "none";
  const message = `The measuring process ended with ${how} before it answered; it must live to the end. Its last words: ${words}`;
  return new MeasureError("worker-died", message, { facts: { ...exit } });
}

/**
 * Opens the line to a running measuring process. Both calls throw the signal's reason when the process was ended by it,
 * and MeasureError `worker-died` when it ended otherwise.
 */
export function openReaders(instance: LaunchedInstance, signal: AbortSignal): Readers {
  const lines = createInterface({ input: instance.stdout })[Symbol.asyncIterator]();
  const receive = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done !== true) return JSON.parse(line.value) as unknown;
    const error = await diedError(instance);
    signal.throwIfAborted();
    throw error;
  };
  return {
    awaitReady: async () => (await receive()) as ReadersState,
    async measureBlock(order) {
      instance.stdin.write(`${JSON.stringify(order)}\n`);
      return (await receive()) as BlockRates;
    },
  };
}
