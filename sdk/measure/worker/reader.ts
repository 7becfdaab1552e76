// The program of one reading thread: it pins itself, touches its buffer, then reads whenever the board asks.
import { parentPort, workerData } from "node:worker_threads";
import { awaitStart, bytesIndex, fillByte, reportFinish } from "./board.ts";
import type { Board } from "./board.ts";
import { openNative } from "./native.ts";
import type { Native } from "./native.ts";

/** What a reader is told when it starts. */
export interface ReaderTask {
  readonly threadIndex: number;
  readonly cpuIndex: number;
  readonly bufferBytes: number;
  readonly board: Board;
  readonly module: WebAssembly.Module;
}

/** What a reader tells when its buffer is in memory. */
export interface ReaderState {
  readonly pinned: boolean;
}

type ReadKernel = (start: number, end: number) => bigint;

const hugePageBytes = 2 ** 21;
const webAssemblyPageBytes = 2 ** 16;

/** Memory whose bytes from `offset` on are aligned to a huge page and have been written by this thread. */
function allocate(bufferBytes: number, native: Native | null): { memory: WebAssembly.Memory; offset: number } {
  const memory = new WebAssembly.Memory({ initial: (bufferBytes + hugePageBytes) / webAssemblyPageBytes });
  const address = native?.addressOf(new Uint8Array(memory.buffer)) ?? 0n;
  const offset = Number(BigInt.asUintN(21, -address));
  const buffer = new Uint8Array(memory.buffer, offset, bufferBytes);
  native?.adviseHugePages(buffer);
  buffer.fill(fillByte);
  return { memory, offset };
}

async function prepare({ cpuIndex, bufferBytes, module }: ReaderTask): Promise<ReadKernel> {
  const native = await openNative();
  const pinned = native?.pinThread(cpuIndex) ?? false;
  const { memory, offset } = allocate(bufferBytes, native);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const read = exports["read"] as ReadKernel;
  parentPort?.postMessage({ pinned } satisfies ReaderState);
  return (start, end) => read(offset + start, offset + end);
}

/** Reads on from `position`, going round in the buffer, so that no sample finds what the one before left in cache. */
function readRound(read: ReadKernel, board: Board, position: number): { position: number; checksum: bigint } {
  const bufferBytes = board.bytes[bytesIndex.buffer] ?? 0;
  let left = board.bytes[bytesIndex.toRead] ?? 0;
  let checksum = 0n;
  while (left > 0) {
    const from = position % bufferBytes;
    const count = Math.min(left, bufferBytes - from);
    checksum += read(from, from + count);
    position = from + count;
    left -= count;
  }
  return { position, checksum: BigInt.asIntN(64, checksum) };
}

async function main(task: ReaderTask): Promise<void> {
  const { board, threadIndex } = task;
  const read = await prepare(task);
  let position = 0;
  for (let sampleNumber = 1; ; sampleNumber++) {
    awaitStart(board, threadIndex, sampleNumber);
    board.starts[threadIndex] = Number(process.hrtime.bigint());
    const round = readRound(read, board, position);
    board.finishes[threadIndex] = Number(process.hrtime.bigint());
    board.checksums[threadIndex] = round.checksum;
    position = round.position;
    reportFinish(board);
  }
}

void main(workerData as ReaderTask);
