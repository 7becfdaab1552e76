import { setTimeout } from "node:timers/promises";
import { formatExit, type ProcessExit } from "./exit.ts";
import type { LaunchedInstance } from "./instance.ts";
import { type Launch, type LaunchOptions, startLaunch } from "./launch.ts";
import type { InstancePlan, LaunchPlan } from "./plan.ts";
import type { Program } from "./program.ts";

/** Which ends of an instance are followed by a new start. */
export type Restart = "never" | "on-failure" | "always";

/** How instances are kept running. */
export interface SuperviseOptions extends LaunchOptions {
  /** Default `never`. */
  readonly restart?: Restart;
  /** Restarts in a row of one instance; default as many as it takes. */
  readonly maximumRestartsCount?: number;
  /** Before the first restart in a row; it doubles with each. Default 1. */
  readonly firstDelaySeconds?: number;
  /** Default 60. */
  readonly longestDelaySeconds?: number;
  /** An instance that ran for so long is healthy: what ended it begins a new row. Default 60. */
  readonly healthySeconds?: number;
  /** Called before each wait for a restart. */
  onRestart?(restart: RestartNotice): void;
  /** Called when an instance has ended for good. */
  onEnd?(end: SupervisedExit): void;
}

/** An instance that is about to be started again. */
export interface RestartNotice {
  readonly instanceIndex: number;
  /** How it ended, or why it could not be started, in words. */
  readonly reason: string;
  readonly delaySeconds: number;
  /** With this one. */
  readonly restartsCount: number;
}

/** How an instance ended for the last time. */
export interface SupervisedExit extends ProcessExit {
  readonly instanceIndex: number;
  readonly restartsCount: number;
  /** Why its last start failed; null when it did not. */
  readonly startError: string | null;
}

/** Instances that are kept running. Disposing of it stops them. */
export interface Supervision extends AsyncDisposable {
  /** How each ended, when all have ended for good; never rejects. */
  readonly ended: Promise<readonly SupervisedExit[]>;
  /** Stops every instance, and starts none again. */
  stop(): Promise<readonly SupervisedExit[]>;
}

/**
 * Starts a launch, and each of its instances again when it has ended, as its options say. An instance keeps its plan; the
 * first start must succeed, later ones are tried again.
 * @throws {LaunchError} as `startLaunch`
 */
export async function superviseLaunch(
  plan: LaunchPlan,
  program: Program,
  options: SuperviseOptions = {},
): Promise<Supervision> {
  const stopped = new AbortController();
  const signal = options.signal === undefined ? stopped.signal : AbortSignal.any([options.signal, stopped.signal]);
  const supervised = { ...options, signal };
  const start = (instances: readonly InstancePlan[]): Promise<Launch> =>
    startLaunch({ instances, warnings: [] }, program, supervised);
  const launch = await start(plan.instances);
  const again = async (instance: InstancePlan): Promise<ProcessExit> => {
    const [exit] = await Promise.all((await start([instance])).instances.map(({ exited }) => exited));
    return exit as ProcessExit;
  };
  const ended = Promise.all(launch.instances.map((instance) => keepRunning(instance, again, supervised)));
  const stop = (): typeof ended => {
    stopped.abort();
    return ended;
  };
  const dispose = async (): Promise<void> => {
    await stop();
  };
  return { ended, stop, [Symbol.asyncDispose]: dispose };
}

type Keeping = SuperviseOptions & { readonly signal: AbortSignal };

async function keepRunning(
  { plan, exited }: LaunchedInstance,
  again: (plan: InstancePlan) => Promise<ProcessExit>,
  options: Keeping,
): Promise<SupervisedExit> {
  const { instanceIndex } = plan;
  let restartsCount = 0;
  let inARowCount = 0;
  let run = await ran(exited);
  while (mayRestart(run, inARowCount, options)) {
    if (run.seconds >= (options.healthySeconds ?? 60)) inARowCount = 0;
    const delaySeconds = delayOf(inARowCount, options);
    inARowCount += 1;
    restartsCount += 1;
    options.onRestart?.({ instanceIndex, reason: run.startError ?? formatExit(run.exit), delaySeconds, restartsCount });
    await setTimeout(delaySeconds * 1000, undefined, { signal: options.signal }).catch(() => undefined);
    if (options.signal.aborted) break;
    run = await ran(again(plan));
  }
  const end = { ...run.exit, instanceIndex, restartsCount, startError: run.startError };
  options.onEnd?.(end);
  return end;
}

interface Run {
  readonly exit: ProcessExit;
  readonly startError: string | null;
  readonly seconds: number;
}

const notStarted: ProcessExit = { exitCode: null, signal: null, ignoredSeconds: null, lastStderrLines: [] };

async function ran(exited: Promise<ProcessExit>): Promise<Run> {
  const startedAt = performance.now();
  const [exit, startError] = await exited.then(
    (value) => [value, null] as const,
    (error: unknown) => [notStarted, String(error)] as const,
  );
  return { exit, startError, seconds: (performance.now() - startedAt) / 1000 };
}

function mayRestart({ exit, seconds }: Run, inARowCount: number, options: Keeping): boolean {
  const { restart = "never", maximumRestartsCount = Infinity, healthySeconds = 60, signal } = options;
  const isWanted = restart === "always" || (restart === "on-failure" && exit.exitCode !== 0);
  return isWanted && !signal.aborted && (seconds >= healthySeconds || inARowCount < maximumRestartsCount);
}

function delayOf(inARowCount: number, { firstDelaySeconds = 1, longestDelaySeconds = 60 }: Keeping): number {
  return Math.min(longestDelaySeconds, firstDelaySeconds * 2 ** inARowCount);
}
