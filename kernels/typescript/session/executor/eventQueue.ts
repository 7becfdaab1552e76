import type { CellEvent } from "../cell.ts";

/** Streams are handed on at most this often. */
const batchMilliseconds = 20;
/** The longest text of one stream event. */
const batchLength = 1 << 18;
/** Above the first no more is read from the executor until the second is reached. */
const [fullLength, emptyLength] = [1 << 21, 1 << 18];

interface QueuedEvent {
  readonly cellId: number;
  readonly event: CellEvent;
  /** About how many characters it holds. */
  readonly length: number;
}

/** Where events wait until the reader of the session has taken the earlier ones. */
export interface EventQueue {
  /** The length is about how many characters the event holds: that much waits. */
  push(cellId: number, event: CellEvent, length: number): void;
  /** Resolves when all that was pushed has been taken. */
  flush(): Promise<void>;
}

/** What a queue needs. */
export interface EventQueueOptions {
  readonly onEvent: (cellId: number, event: CellEvent) => void | Promise<void>;
  /** Called with `false` when too much waits, and with `true` when there is room again. */
  readonly onRoom: (isRoom: boolean) => void;
}

/** The two events as one, if both are pieces of the same stream of one cell. */
function merge(first: QueuedEvent | undefined, second: QueuedEvent): QueuedEvent | null {
  if (first?.event.kind !== "stream" || second.event.kind !== "stream") return null;
  if (first.cellId !== second.cellId || first.event.name !== second.event.name) return null;
  if (first.event.text.length + second.event.text.length > batchLength) return null;
  const event = { ...first.event, text: first.event.text + second.event.text };
  return { ...first, event, length: first.length + second.length };
}

class EventQueueOfReader implements EventQueue {
  readonly #options: EventQueueOptions;
  readonly #waiting: QueuedEvent[] = [];
  #flushes: (() => void)[] = [];
  #waitingLength = 0;
  #isRoom = true;
  #isTaking = false;
  #batch: NodeJS.Timeout | null = null;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  push(cellId: number, event: CellEvent, length: number): void {
    const queued = { cellId, event, length };
    const merged = merge(this.#waiting.at(-1), queued);
    if (merged === null) this.#waiting.push(queued);
    else this.#waiting[this.#waiting.length - 1] = merged;
    this.#measure(length);
    void this.#take();
  }

  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.#flushes.push(resolve);
      void this.#take();
    });
  }

  #measure(change: number): void {
    this.#waitingLength += change;
    const isRoom = this.#waitingLength <= (this.#isRoom ? fullLength : emptyLength);
    if (isRoom === this.#isRoom) return;
    this.#isRoom = isRoom;
    this.#options.onRoom(isRoom);
  }

  async #take(): Promise<void> {
    if (this.#isTaking) return;
    this.#isTaking = true;
    for (let next = this.#next(); next !== null; next = this.#next()) await this.#deliver(next);
    this.#isTaking = false;
    if (this.#waiting.length > 0) return;
    for (const resolve of this.#flushes.splice(0)) resolve();
  }

  /** What goes on now; null when there is nothing, or only text that may still grow. */
  #next(): QueuedEvent | null {
    const isText = this.#waiting.length === 1 && this.#waiting[0]?.event.kind === "stream";
    if (isText && this.#batch !== null && this.#flushes.length === 0) return null;
    return this.#waiting.shift() ?? null;
  }

  async #deliver({ cellId, event, length }: QueuedEvent): Promise<void> {
    this.#measure(-length);
    if (event.kind === "stream")
      this.#batch ??= setTimeout(() => {
        this.#endBatch();
      }, batchMilliseconds);
    try {
      await this.#options.onEvent(cellId, event);
    } catch {
      // the reader's fault is not the cell's
    }
  }

  #endBatch(): void {
    this.#batch = null;
    void this.#take();
  }
}

/** An empty queue. The first text after a pause goes on at once; what follows within 20 ms goes together. */
export function createEventQueue(options: EventQueueOptions): EventQueue {
  return new EventQueueOfReader(options);
}
