import type { LaunchPlan } from "../launch/index.ts";
import { type Engine, type EnginePlan, planEngine, startEngine } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { type ProcessMemory, readProcessMemory } from "./processMemory.ts";
import type { EngineSpec } from "./setting.ts";

/** Engines of one model that take turns with the work that comes. */
export interface EnginePool extends AsyncDisposable {
  /**
   * Does `work` with the next free engine; who waits longest is served first. An engine that died is started anew for whoever
   * comes next, and the one whose work it took along is told.
   * @throws {EngineError} `worker-died`, `closed`, and what `startEngine` throws when a dead engine does not start again
   */
  use<Result>(work: (engine: Engine) => Promise<Result>): Promise<Result>;
  /** Reads the memory of each running engine; without those that the kernel tells nothing of. */
  readMemory(): Promise<readonly ProcessMemory[]>;
  /** Ends all engines; work that runs or waits fails with `closed`. */
  close(): Promise<void>;
}

/** Where an engine runs: null between its death and its next start. */
interface Place {
  readonly plan: EnginePlan;
  engine: Engine | null;
}

function isAlive({ processId }: Engine): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

/** Gives the engine of a place, started anew when it has died. */
async function engineAt(place: Place): Promise<Engine> {
  if (place.engine !== null && isAlive(place.engine)) return place.engine;
  await place.engine?.close();
  place.engine = null;
  return (place.engine = await startEngine(place.plan));
}

const closedPool = (): EngineError => new EngineError("closed", "This pool is closed. Start another one.");

/** Hands each place to one user at a time, in the order in which they ask. */
function createQueue(places: readonly Place[]) {
  const free = [...places];
  const waiting: { readonly take: (place: Place) => void; readonly refuse: (cause: EngineError) => void }[] = [];
  let isClosed = false;
  return {
    async take(): Promise<Place> {
      if (isClosed) throw closedPool();
      return free.shift() ?? new Promise((take, refuse) => waiting.push({ take, refuse }));
    },
    giveBack(place: Place): void {
      const next = waiting.shift();
      if (next === undefined) free.push(place);
      else next.take(place);
    },
    close(): void {
      isClosed = true;
      for (const { refuse } of waiting.splice(0)) refuse(closedPool());
    },
  };
}

async function startAll(plans: readonly EnginePlan[]): Promise<Place[]> {
  const starts = await Promise.allSettled(plans.map((plan) => startEngine(plan)));
  const places = starts.map((start, at) => ({
    plan: plans[at] as EnginePlan,
    engine: start.status === "fulfilled" ? start.value : null,
  }));
  const failed = starts.find((start) => start.status === "rejected");
  if (failed === undefined) return places;
  await Promise.all(places.flatMap(({ engine }) => engine?.close() ?? []));
  throw failed.reason;
}

/**
 * Starts one engine for each instance of a launch plan, all of the same file. Unless `useMmap` is false they map it, so that
 * the page cache holds it once for all. What they share then depends on the storage format: Q8_0, F16 and F32 weights are
 * computed with as they lie in the file, where x86-64 has no AMX, so that an instance more costs its cache and its program;
 * those of Q4_0 and some others are rearranged for the CPU at the start (the library calls it repacking) into private memory,
 * about the size of the weights for each instance. `readMemory` tells what is so here.
 * @throws {EngineError} as `startEngine`; none is left running then
 */
export async function startPool(spec: EngineSpec, { instances }: Pick<LaunchPlan, "instances">): Promise<EnginePool> {
  const places = await startAll(instances.map((instance) => planEngine({ useMmap: true, ...spec }, instance)));
  const queue = createQueue(places);
  const running = (): Engine[] => places.flatMap(({ engine }) => engine ?? []);
  const close = async (): Promise<void> => {
    queue.close();
    await Promise.all(running().map((engine) => engine.close()));
  };
  return {
    async use(work) {
      const place = await queue.take();
      try {
        return await work(await engineAt(place));
      } finally {
        queue.giveBack(place);
      }
    },
    async readMemory() {
      const memories = await Promise.all(running().map(({ processId }) => readProcessMemory(processId)));
      return memories.flatMap((memory) => memory ?? []);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
