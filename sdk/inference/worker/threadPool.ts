import { parseCpuList } from "../../topology/index.ts";
import { EngineError } from "../errors.ts";
import type { ThreadPlacement } from "../protocol.ts";
import { type Handle, maximumPoolCpusCount, type PoolLibrary } from "./native.ts";

/** Polling of llama.cpp's own default: threads spin for a while between graphs, then sleep. */
const pollingLevel = 50;

function cpuMaskOf(cpus: string | null): boolean[] {
  const mask = new Array<boolean>(maximumPoolCpusCount).fill(false);
  for (const cpu of parseCpuList(cpus ?? "")) {
    if (cpu < maximumPoolCpusCount) mask[cpu] = true;
  }
  return mask;
}

function createPool(library: PoolLibrary, { threadsCount, cpus }: ThreadPlacement): Handle {
  const pool = library.ggml_threadpool_new({
    cpumask: cpuMaskOf(cpus),
    n_threads: threadsCount,
    prio: 0,
    poll: pollingLevel,
    strict_cpu: false,
    paused: false,
  });
  if (pool !== null) return pool;
  throw new EngineError("decode-failed", `No thread pool of ${threadsCount} threads could be made. Use fewer threads.`);
}

/**
 * Gives the persistent thread pool of each placement, made at its first use. Pools are never freed: the engine's
 * backend keeps the last one and pauses it when the next is attached, so an old pool sleeps but must stay.
 */
export function createThreadPools(library: PoolLibrary): (placement: ThreadPlacement) => Handle {
  const pools = new Map<string, Handle>();
  return (placement) => {
    const key = `${placement.threadsCount}@${placement.cpus ?? ""}`;
    const pool = pools.get(key) ?? createPool(library, placement);
    pools.set(key, pool);
    return pool;
  };
}
