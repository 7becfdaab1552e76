import { currentCellId, isAbandoned } from "./cellContext.ts";

const queueAlways = queueMicrotask;

type Start = (callback: (...values: unknown[]) => void, ...rest: unknown[]) => unknown;

/** The function that starts a timer, changed so that an interrupt of the cell takes the timers with it that are pending then. */
function endingWithCell(start: Start, clear: (timer: never) => void): Start {
  return (callback, ...rest) => {
    const cellId = currentCellId();
    if (typeof callback !== "function" || isAbandoned(cellId)) return start(callback, ...rest);
    const guarded = function (this: unknown, ...values: unknown[]) {
      if (isAbandoned(cellId)) clear(this as never);
      else callback.apply(this, values);
    };
    return start(guarded, ...rest);
  };
}

/** As `queueMicrotask`, but a cell that queues without end comes to one when it is interrupted. */
function queueOfCell(callback: () => void): void {
  const cellId = currentCellId();
  if (typeof callback !== "function" || isAbandoned(cellId)) queueAlways(callback);
  else
    queueAlways(() => {
      if (!isAbandoned(cellId)) callback();
    });
}

/** Lets the timers of a cell end with it, when it is interrupted. */
export function installTimers(): void {
  const pairs = { setTimeout: clearTimeout, setInterval: clearInterval, setImmediate: clearImmediate } as const;
  for (const [name, clear] of Object.entries(pairs)) {
    const start = Reflect.get(globalThis, name) as Start;
    Reflect.set(globalThis, name, Object.defineProperties(endingWithCell(start, clear), propertiesOf(start)));
  }
  globalThis.queueMicrotask = queueOfCell;
}

/** Name, length and the promise form of a function. */
function propertiesOf(start: Start): PropertyDescriptorMap {
  return Object.getOwnPropertyDescriptors(start);
}
