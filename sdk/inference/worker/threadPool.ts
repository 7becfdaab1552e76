import { parseCpuList } from "../../topology/index.ts";
import { EngineError } from "../errors.ts";
import { poolPriorities, type PoolSetting, type ThreadPlacement } from "../setting.ts";
import { assertStruct } from "./guards.ts";
import type { Handle, PoolLibrary } from "./native.ts";
import { maximumPoolCpusCount } from "./structs.ts";

function assertPoolStruct(library: PoolLibrary): void {
  const threadsCount = 3;
  assertStruct({
    name: "ggml_threadpool_params",
    bytes: library.poolParamsBytes,
    defaults: { n_threads: threadsCount, prio: 0, poll: 50, strict_cpu: false, paused: false },
    read: () => library.ggml_threadpool_params_default(threadsCount),
    write: (target) => {
      library.ggml_threadpool_params_init(target, threadsCount);
    },
  });
}

function cpuMaskOf(cpus: string | null): boolean[] {
  const mask = new Array<boolean>(maximumPoolCpusCount).fill(false);
  for (const cpu of parseCpuList(cpus ?? "")) {
    if (cpu < maximumPoolCpusCount) mask[cpu] = true;
  }
  return mask;
}

function createPool(library: PoolLibrary, setting: PoolSetting, { threadsCount, cpus }: ThreadPlacement): Handle {
  const pool = library.ggml_threadpool_new({
    cpumask: cpuMaskOf(cpus),
    n_threads: threadsCount,
    prio: poolPriorities[setting.priority],
    poll: setting.pollingLevel,
    strict_cpu: setting.isStrict,
    paused: false,
  });
  if (pool !== null) return pool;
  throw new EngineError("decode-failed", `No thread pool of ${threadsCount} threads could be made. Use fewer threads.`);
}

/**
 * Gives the persistent thread pool of each placement, made at its first use. Pools are never freed: the engine's
 * backend keeps the last one and pauses it when the next is attached, so an old pool sleeps but must stay.
 * @throws {EngineError} `library-mismatch` when the engine makes pools of other parameters
 */
export function createThreadPools(library: PoolLibrary, setting: PoolSetting): (placement: ThreadPlacement) => Handle {
  assertPoolStruct(library);
  const pools = new Map<string, Handle>();
  return (placement) => {
    const key = `${placement.threadsCount}@${placement.cpus ?? ""}`;
    const pool = pools.get(key) ?? createPool(library, setting, placement);
    pools.set(key, pool);
    return pool;
  };
}
