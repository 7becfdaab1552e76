import { setTimeout } from "node:timers/promises";
import { resolve } from "node:path";
import { formatQuantity } from "../units/index.ts";
import type { Finding } from "./finding.ts";
import { isEnough, needText, type MemoryNeed } from "./memoryNeed.ts";
import { readMemoryState } from "./memoryState.ts";

/** What watching memory needs to know. */
export interface WatchSpec {
  /** Where /proc lies: "/" unless a recorded machine is read. */
  readonly root?: string;
  readonly intervalSeconds?: number;
  /** Samples after which it ends: never unless told. */
  readonly samplesCount?: number;
  /** The memory that has to stay available: not judged unless told. */
  readonly need?: MemoryNeed;
  /** The share of time some process may wait for memory: 0.1 unless told. */
  readonly highestPressureRatio?: number;
  readonly signal?: AbortSignal;
}

/** Memory at one moment, and what is wrong with it. */
export interface MemorySample {
  readonly takenAt: string;
  readonly availableBytes: number | null;
  readonly pressureRatio: number | null;
  readonly alerts: readonly Finding[];
}

function availableAlerts(
  need: MemoryNeed | undefined,
  totalBytes: number | null,
  availableBytes: number | null,
): Finding[] {
  if (need === undefined || totalBytes === null || availableBytes === null) return [];
  if (isEnough(need, { totalBytes, availableBytes })) return [];
  const found = `${formatQuantity(availableBytes, "bytes")} are available; ${needText(need)}`;
  const meaning = "a model of that need does not start safely now";
  return [
    { code: "memory-short", severity: "problem", found, meaning, remedy: "free memory, or start fewer instances" },
  ];
}

function pressureAlerts(pressureRatio: number | null, highest: number): Finding[] {
  if (pressureRatio === null || pressureRatio <= highest) return [];
  const found = `processes waited for memory ${formatQuantity(pressureRatio, "pressureRatio")} of the last ten seconds`;
  const meaning = "pages are evicted and read again: tokens come late";
  return [{ code: "memory-pressure", severity: "problem", found, meaning, remedy: "stop an instance, or add memory" }];
}

function takeSample({ root = "/", need, highestPressureRatio = 0.1 }: WatchSpec): MemorySample {
  const { totalBytes, availableBytes, pressureRatio } = readMemoryState(resolve(root), { numaNodes: [] });
  return {
    takenAt: new Date().toISOString(),
    availableBytes,
    pressureRatio,
    alerts: [
      ...availableAlerts(need, totalBytes, availableBytes),
      ...pressureAlerts(pressureRatio, highestPressureRatio),
    ],
  };
}

const isAborted = (signal: AbortSignal | undefined) => signal?.aborted === true;

/** Resolves after the interval, or at once when the signal ends the wait. */
async function wait(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(seconds * 1000, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

/** Memory now and after each interval, with alerts, until the signal or the last sample. */
export async function* watchMemory(spec: WatchSpec = {}): AsyncGenerator<MemorySample, void, undefined> {
  const { intervalSeconds = 5, samplesCount = Infinity, signal } = spec;
  let taken = 0;
  while (!isAborted(signal)) {
    yield takeSample(spec);
    taken += 1;
    if (taken >= samplesCount) return;
    await wait(intervalSeconds, signal);
  }
}
