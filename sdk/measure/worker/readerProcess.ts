// The program of the measuring process: told by its one argument which points there are, it says when it is ready,
// then answers each line on stdin (the order of the points in one block) with a line on stdout. It ends with stdin.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { createBoard, takeSample } from "./board.ts";
import type { Board, Sample } from "./board.ts";
import type { ReaderState, ReaderTask } from "./reader.ts";

/** What the process is told to measure. */
export interface ReadersTask {
  readonly points: readonly { readonly cpuIndexes: readonly number[]; readonly bufferBytesPerThread: number }[];
  readonly sampleSeconds: number;
}

/** What the process says first. */
export interface ReadersState {
  readonly pinned: boolean;
  /** The share of the buffers that lies on huge pages; null where the kernel does not tell. */
  readonly hugePagesRatio: number | null;
}

/** Bytes a second of each point, in the order of the points. */
export type BlockRates = readonly number[];

const firstSampleBytes = 2 ** 24;
const bytesGranule = 2 ** 12;
const warmUpRounds = 3;

function compileKernel(): WebAssembly.Module {
  // Code of the quick compiler is several times slower, and pinned busy threads starve the compiler that replaces it.
  setFlagsFromString("--no-liftoff");
  return new WebAssembly.Module(readFileSync(new URL("../kernels/read.wasm", import.meta.url)));
}

async function startReaders(tasks: readonly ReaderTask[]): Promise<boolean> {
  const states = tasks.map(async (task) => {
    const worker = new Worker(new URL("./reader.js", import.meta.url), { workerData: task });
    const [state] = (await once(worker, "message")) as [ReaderState];
    return state.pinned;
  });
  return (await Promise.all(states)).every(Boolean);
}

function readHugePagesRatio(buffersBytes: number): number | null {
  try {
    const kibibytes = /^AnonHugePages:\s+(\d+) kB/m.exec(readFileSync("/proc/self/smaps_rollup", "utf8"))?.[1];
    return kibibytes === undefined ? null : Math.min(1, (Number(kibibytes) * 1024) / buffersBytes);
  } catch {
    return null;
  }
}

/** The sample of a point that lasts about `sampleSeconds`, found by a few that grow. */
function warmUp(board: Board, first: Sample, sampleSeconds: number): Sample {
  let sample = first;
  for (let round = 0; round < warmUpRounds; round++) {
    const bytesPerThread = (takeSample(board, sample) * sampleSeconds) / sample.threadIndexes.length;
    sample = { ...sample, bytesPerThread: Math.ceil(bytesPerThread / bytesGranule) * bytesGranule };
  }
  return sample;
}

async function main({ points, sampleSeconds }: ReadersTask): Promise<void> {
  const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
  const cpuIndexes = [...new Set(points.flatMap((point) => point.cpuIndexes))];
  const board = createBoard(cpuIndexes.length);
  const module = compileKernel();
  const tasks = cpuIndexes.map((cpuIndex, threadIndex) => {
    const sizes = points
      .filter((point) => point.cpuIndexes.includes(cpuIndex))
      .map((point) => point.bufferBytesPerThread);
    return { threadIndex, cpuIndex, bufferBytes: Math.max(...sizes), board, module };
  });
  const pinned = await startReaders(tasks);
  const samples = points.map((point) => {
    const threadIndexes = point.cpuIndexes.map((cpuIndex) => cpuIndexes.indexOf(cpuIndex));
    const first = { threadIndexes, bytesPerThread: firstSampleBytes, bufferBytes: point.bufferBytesPerThread };
    return warmUp(board, first, sampleSeconds);
  });
  const buffersBytes = tasks.reduce((sum, task) => sum + task.bufferBytes, 0);
  say({ pinned, hugePagesRatio: readHugePagesRatio(buffersBytes) } satisfies ReadersState);
  for await (const line of createInterface({ input: process.stdin })) {
    const rates: number[] = [];
    for (const index of JSON.parse(line) as number[]) rates[index] = takeSample(board, samples[index] as Sample);
    say(rates satisfies BlockRates);
  }
}

main(JSON.parse(process.argv[2] ?? "") as ReadersTask).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
