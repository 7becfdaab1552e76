/** The memory that the main thread of the measuring process shares with its readers. */
export interface Board {
  /** One counter a reader: how many samples it has been asked for so far. */
  readonly requests: Int32Array;
  /** At the indexes below: how many readers take part in this sample, stand at its start, are through. */
  readonly counts: Int32Array;
  /** At the indexes below: what each reader of this sample reads. */
  readonly bytes: Float64Array;
  /** Nanoseconds of the monotonic clock, which all threads share; one a reader. */
  readonly starts: Float64Array;
  readonly finishes: Float64Array;
  /** The sum of all 64-bit words read, one a reader. */
  readonly checksums: BigInt64Array;
}

/** Indexes into `Board.counts`. */
export const countIndex = { taking: 0, arrived: 1, finished: 2 } as const;

/** Indexes into `Board.bytes`: read so much, going round in the first so many bytes of the buffer. */
export const bytesIndex = { toRead: 0, buffer: 1 } as const;

/** What one sample asks for. */
export interface Sample {
  readonly threadIndexes: readonly number[];
  readonly bytesPerThread: number;
  readonly bufferBytes: number;
}

/** The value of every byte in the buffers. */
export const fillByte = 1;

/** Longer than any sample on any machine: then a reader hangs. */
const patienceMilliseconds = 10_000;

/** A board for so many readers, all counters at zero. */
export function createBoard(threadsCount: number): Board {
  const words = (count: number): SharedArrayBuffer => new SharedArrayBuffer(count * 8);
  return {
    requests: new Int32Array(words(threadsCount)),
    counts: new Int32Array(words(3)),
    bytes: new Float64Array(words(2)),
    starts: new Float64Array(words(threadsCount)),
    finishes: new Float64Array(words(threadsCount)),
    checksums: new BigInt64Array(words(threadsCount)),
  };
}

function assertChecksums(board: Board, { threadIndexes, bytesPerThread }: Sample): void {
  const word = BigInt(`0x${fillByte.toString(16).padStart(2, "0").repeat(8)}`);
  const expected = BigInt.asIntN(64, word * BigInt(bytesPerThread / 8));
  for (const index of threadIndexes) {
    if (board.checksums[index] === expected) continue;
    throw new Error(`Reader ${index} summed up ${board.checksums[index]}; its buffer holds ${expected}.`);
  }
}

/**
 * Bytes a second of one sample: the main thread starts the readers and sleeps until the last is through. The time is
 * from the first start to the last finish.
 */
export function takeSample(board: Board, sample: Sample): number {
  const { threadIndexes, bytesPerThread, bufferBytes } = sample;
  board.bytes.set([bytesPerThread, bufferBytes]);
  board.counts.set([threadIndexes.length, 0, 0]);
  for (const index of threadIndexes) {
    Atomics.add(board.requests, index, 1);
    Atomics.notify(board.requests, index);
  }
  let finished: number;
  while ((finished = Atomics.load(board.counts, countIndex.finished)) < threadIndexes.length) {
    const outcome = Atomics.wait(board.counts, countIndex.finished, finished, patienceMilliseconds);
    if (outcome === "timed-out") throw new Error(`${finished} of ${threadIndexes.length} readers finished in time.`);
  }
  assertChecksums(board, sample);
  const start = Math.min(...threadIndexes.map((index) => board.starts[index] ?? 0));
  const finish = Math.max(...threadIndexes.map((index) => board.finishes[index] ?? 0));
  return (threadIndexes.length * bytesPerThread) / ((finish - start) / 1e9);
}

/** Sleeps until this reader is asked for its sample number `sampleNumber`, then until all readers stand at the start. */
export function awaitStart(board: Board, threadIndex: number, sampleNumber: number): void {
  // The baseline is counted, not loaded: a request made before the wait must not be lost.
  while (Atomics.load(board.requests, threadIndex) < sampleNumber) {
    Atomics.wait(board.requests, threadIndex, sampleNumber - 1);
  }
  Atomics.add(board.counts, countIndex.arrived, 1);
  while (Atomics.load(board.counts, countIndex.arrived) < Atomics.load(board.counts, countIndex.taking));
}

/** Tells that this reader is through; only the last one wakes the main thread, so that it takes no CPU before. */
export function reportFinish(board: Board): void {
  const finished = Atomics.add(board.counts, countIndex.finished, 1) + 1;
  if (finished === Atomics.load(board.counts, countIndex.taking)) Atomics.notify(board.counts, countIndex.finished);
}
