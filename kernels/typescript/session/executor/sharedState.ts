/** How far the watchdog and the main thread have come with the stopping of a run. */
export const stopping = { idle: 0, asked: 1, refused: 2, ready: 3, told: 4 } as const;

/**
 * What the main thread and its watchdog know of each other. Each writes its own word before it reads the other's, so that a cell
 * that ends while an interrupt arrives is either not stopped or known to be.
 */
export interface SharedState {
  readonly buffer: SharedArrayBuffer;
  /** The run that may be stopped; 0 for none. Written by the main thread. */
  runningId: number;
  /** The last run that was to be stopped. Written by the watchdog. */
  interruptedId: number;
  /** One of `stopping`: `asked` and `told` are written by the watchdog, `refused` and `ready` by the main thread. */
  stopping: number;
  /** When the run began, in milliseconds since the epoch. Written by the main thread. */
  startedAt: number;
}

const words = { runningId: 0, interruptedId: 1, stopping: 2 } as const;
const timesOffset = 16;

/** The state in this memory; in new memory by default. */
export function sharedStateIn(buffer = new SharedArrayBuffer(timesOffset + 8)): SharedState {
  const integers = new Int32Array(buffer, 0, 3);
  const times = new Float64Array(buffer, timesOffset, 1);
  const state = {
    buffer,
    get startedAt() {
      return times[0] ?? 0;
    },
    set startedAt(time) {
      times[0] = time;
    },
  };
  for (const [name, index] of Object.entries(words))
    Object.defineProperty(state, name, {
      get: () => Atomics.load(integers, index),
      set: (value: number) => Atomics.store(integers, index, value),
    });
  return state as SharedState;
}
