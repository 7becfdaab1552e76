import { AsyncLocalStorage } from "node:async_hooks";
import { sharedStateIn } from "./sharedState.ts";

/** What this thread and its watchdog know of each other. */
export const shared = sharedStateIn();

const causes = new AsyncLocalStorage<number>();
/** Cells that were interrupted: what they left behind shall not go on. */
const interruptedCells = new Set<number>();
let lastCellId = 0;

/** Thrown in a cell that was interrupted. */
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";

  constructor() {
    super("the cell was interrupted");
  }
}

/** What the function returns, run so that everything it causes, now or later, is known to come from this cell. */
export function asCell<Result>(cellId: number, run: () => Result): Result {
  return causes.run(cellId, run);
}

/** The cell that caused what runs now; the last one when nothing tells. */
export function currentCellId(): number {
  return causes.getStore() ?? lastCellId;
}

/** Makes this cell the one to which goes what nobody else has caused. */
export function beginCell(cellId: number): void {
  lastCellId = cellId;
}

/** Makes what a cell left behind stop at its next step. */
export function abandonCell(cellId: number): void {
  interruptedCells.add(cellId);
}

function isBeingInterrupted(cellId: number): boolean {
  return cellId === lastCellId && shared.runningId !== 0 && shared.runningId === shared.interruptedId;
}

/** Whether a cell was interrupted, or is being interrupted now. */
export function isAbandoned(cellId: number): boolean {
  return interruptedCells.has(cellId) || isBeingInterrupted(cellId);
}

/**
 * Ends a cell that is being interrupted where it uses us, which spares V8 the trouble.
 * @throws {KeyboardInterrupt}
 */
export function heedInterrupt(cellId: number): void {
  if (isBeingInterrupted(cellId)) throw new KeyboardInterrupt();
}
