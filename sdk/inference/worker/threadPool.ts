import { parseCpuList } from "../../topology/index.ts";
import { EngineError } from "../errors.ts";
import type { ThreadPlacement } from "../protocol.ts";
import { type Handle, maximumPoolCpusCount, type PoolLibrary } from "./native.ts";

/** Polling of llama.cpp's own default: threads spin for a while between graphs, then sleep. */
const pollingLevel = 50;

/** The persistent threads that compute, for one placement at a time. */
export interface ThreadPool {
  /** The pool for `placement`; the same one as long as the placement stays. */
  use(placement: ThreadPlacement): Handle;
}

function cpuMaskOf(cpus: string | null): boolean[] {
  const mask = new Array<boolean>(maximumPoolCpusCount).fill(false);
  for (const cpu of parseCpuList(cpus ?? "")) {
    if (cpu < maximumPoolCpusCount) mask[cpu] = true;
  }
  return mask;
}

/**
 * Makes the keeper of the thread pool: a pool lives until another placement is asked for.
 * `release` is called before the old pool is freed.
 */
export function createThreadPool(library: PoolLibrary, release: () => void): ThreadPool {
  let current: { readonly key: string; readonly pool: Handle } | null = null;
  return {
    use(placement) {
      const key = `${placement.threadsCount}@${placement.cpus ?? ""}`;
      if (current?.key === key) return current.pool;
      if (current !== null) {
        release();
        library.ggml_threadpool_free(current.pool);
      }
      const pool = library.ggml_threadpool_new({
        cpumask: cpuMaskOf(placement.cpus),
        n_threads: placement.threadsCount,
        prio: 0,
        poll: pollingLevel,
        strict_cpu: false,
        paused: false,
      });
      if (pool === null)
        throw new EngineError("decode-failed", `No thread pool of ${placement.threadsCount} threads could be made.`);
      current = { key, pool };
      return pool;
    },
  };
}
