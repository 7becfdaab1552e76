import { resolve } from "node:path";
import type { InstancePlan } from "../launch/index.ts";
import { parseCpuList } from "../topology/index.ts";
import { EngineError } from "./errors.ts";

/** How much onnxruntime may change a graph before it runs: each level does what those before it do. */
export const optimizations = ["disabled", "basic", "extended", "layout", "all"] as const;

/** A session with every choice made, as the worker process receives it. */
export interface SessionSetting {
  /** Null for a model that is given as bytes. */
  readonly modelPath: string | null;
  /** Threads that compute one operator. Default: those of the instance. Never unset: onnxruntime would leave its binding. */
  readonly threadsCount: number;
  /** Threads that compute several operators at a time, where the execution is parallel. Default 1. */
  readonly interThreadsCount: number;
  /** Default `sequential`: one operator after another. */
  readonly execution: "sequential" | "parallel";
  /** Default `all`; `extended` where weights are not prepacked, because the levels after it copy those of convolutions. */
  readonly optimization: (typeof optimizations)[number];
  /** Where the optimized graph is saved; null where it is not. */
  readonly optimizedPath: string | null;
  /** Whether memory is kept between runs. Default true. */
  readonly hasArena: boolean;
  /** Whether the first run of a shape plans the memory of the next. Default true. */
  readonly hasMemoryPattern: boolean;
  /**
   * Whether weights are copied into the layout that the kernels like best. Default true, which is fast to run. Without it
   * weights of an external file stay in its pages, so that a load takes milliseconds and instances share them.
   */
  readonly isPrepacked: boolean;
  /** Whether threads spin while they wait for work. Default true. */
  readonly isSpinning: boolean;
  /** The CPU of each thread, the calling one first; null where they move among those of the process. */
  readonly threadCpus: readonly number[] | null;
}

/** What a caller may say about a session; all but the model may be left out. */
export type SessionSpec = Partial<Omit<SessionSetting, "modelPath" | "threadCpus">> & {
  /** The path of an ONNX file, or what one holds. */
  readonly model: string | Uint8Array;
  /** Whether each thread stays on one CPU of the instance. Default false. */
  readonly isStrict?: boolean;
};

const defaultSetting = {
  interThreadsCount: 1,
  execution: "sequential",
  optimizedPath: null,
  hasArena: true,
  hasMemoryPattern: true,
  isPrepacked: true,
  isSpinning: true,
} as const;

function refuse(found: string, needed: string, facts: Readonly<Record<string, unknown>>): never {
  throw new EngineError("invalid-setting", `${found}; needed ${needed}. Change it and plan again.`, { facts });
}

function assertWord(name: string, found: string, words: readonly string[]): void {
  if (!words.includes(found)) refuse(`${name} is ${found}`, words.join(", "), { [name]: found });
}

function assertThreads(name: string, found: number, most: number): void {
  if (Number.isInteger(found) && found >= 1 && found <= most) return;
  refuse(`${name} is ${found}`, `a whole number of 1 to ${most}, the threads of the instance`, { [name]: found, most });
}

/** A CPU for each thread. */
function planThreadCpus({ cpus }: Pick<InstancePlan, "cpus">, threadsCount: number): readonly number[] {
  const all = parseCpuList(cpus);
  if (all.length < threadsCount) {
    const found = `${threadsCount} threads are to stay on a CPU each, and the instance has ${all.length}`;
    refuse(found, "as many CPUs as threads", { threadsCount, cpus });
  }
  return all.slice(0, threadsCount);
}

/**
 * The setting with every choice made, for the threads of `instance`.
 * @throws {EngineError} `invalid-setting` when choices are unknown or do not go together
 */
export function planSessionSetting(
  spec: SessionSpec,
  instance: Pick<InstancePlan, "cpus" | "threadsCount">,
): SessionSetting {
  const { model, isStrict = false, optimizedPath = null, threadsCount = instance.threadsCount, ...others } = spec;
  const { isPrepacked = defaultSetting.isPrepacked } = spec;
  const optimization = isPrepacked ? ("all" as const) : ("extended" as const);
  const chosen = { ...defaultSetting, optimization, ...others };
  assertThreads("threadsCount", threadsCount, instance.threadsCount);
  assertThreads("interThreadsCount", chosen.interThreadsCount, instance.threadsCount);
  assertWord("execution", chosen.execution, ["sequential", "parallel"]);
  assertWord("optimization", chosen.optimization, optimizations);
  return {
    ...chosen,
    threadsCount,
    modelPath: typeof model === "string" ? resolve(model) : null,
    optimizedPath: optimizedPath === null ? null : resolve(optimizedPath),
    threadCpus: isStrict ? planThreadCpus(instance, threadsCount) : null,
  };
}
