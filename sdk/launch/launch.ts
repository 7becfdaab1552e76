import { formatExit, type ProcessExit } from "./exit.ts";
import { type LaunchedInstance, refusedErrorOf, startInstance, type StartedInstance } from "./instance.ts";
import type { LaunchPlan } from "./plan.ts";
import { assertProgramExists, environmentOf, type Program } from "./program.ts";
import { assertReady, type ReadySign } from "./ready.ts";

/** How a launch is watched over, and how it may be ended. */
export interface LaunchOptions {
  /** Stops every instance when it is aborted. */
  readonly signal?: AbortSignal;
  /** Kills every instance when it is aborted. */
  readonly killSignal?: AbortSignal;
  /** From SIGTERM to SIGKILL; default 5. */
  readonly graceSeconds?: number;
  /** What each instance has to say before the launch counts as started. */
  readonly ready?: ReadySign;
  /** Called with each instance before its program says anything: nothing of its output is lost to who reads it from here. */
  onStart?(instance: LaunchedInstance): void;
  /** Called with an instance that still runs, before it is stopped. */
  beforeStop?(instance: LaunchedInstance): Promise<void>;
}

/** Running processes. Disposing of the launch stops them. */
export interface Launch extends AsyncDisposable {
  readonly instances: readonly LaunchedInstance[];
  /** Stops every instance and tells how each ended. */
  stop(graceSeconds?: number): Promise<ProcessExit[]>;
}

/**
 * Starts the program once for each instance of the plan, behind that instance's prefix. Where there are several, none runs
 * the program before all are bound. None outlives this process, nor does what they start, unless it leaves their session.
 * @throws {LaunchError} `no-such-program`, `binding-refused`, `not-started` before any runs it; `never-ready`,
 * `ended-early`, with all of them stopped
 */
export async function startLaunch(plan: LaunchPlan, program: Program, options: LaunchOptions = {}): Promise<Launch> {
  options.signal?.throwIfAborted();
  await Promise.all(plan.instances.map((instance) => assertProgramExists(program, environmentOf(program, instance))));
  const instances = await startTogether(plan, program, options);
  const launch = launchOf(instances, options);
  try {
    const { ready } = options;
    if (ready !== undefined) await Promise.all(instances.map((instance) => assertReady(instance, ready)));
    return launch;
  } catch (error) {
    await launch.stop();
    options.signal?.throwIfAborted();
    throw error;
  }
}

/** What binds an instance says only by ending that it cannot, so that where there is one the program waits for it too. */
async function startTogether(plan: LaunchPlan, program: Program, options: LaunchOptions): Promise<LaunchedInstance[]> {
  const isGated = plan.instances.length > 1 || plan.instances.some(({ prefix }) => prefix.length > 0);
  const started: StartedInstance[] = [];
  try {
    for (const instance of plan.instances) started.push(await startInstance(instance, { program, options, isGated }));
    await Promise.all(started.map(assertBound));
    options.signal?.throwIfAborted();
  } catch (error) {
    await Promise.all(started.map(({ instance }) => instance.stop(0)));
    throw error;
  }
  for (const { gate } of started) gate?.open();
  return started.map(({ instance }) => instance);
}

async function assertBound({ instance, gate }: StartedInstance): Promise<void> {
  if (gate === null || (await gate.reached)) return;
  const exit = await instance.exited;
  throw refusedErrorOf(instance.plan, exit.lastStderrLines[0] ?? formatExit(exit));
}

function launchOf(instances: readonly LaunchedInstance[], { signal, killSignal }: LaunchOptions): Launch {
  const stop = (graceSeconds?: number): Promise<ProcessExit[]> =>
    Promise.all(instances.map((instance) => instance.stop(graceSeconds)));
  const ended = new AbortController();
  void Promise.all(instances.map(({ exited }) => exited)).then(() => {
    ended.abort();
  });
  signal?.addEventListener("abort", () => void stop(), { signal: ended.signal });
  killSignal?.addEventListener("abort", () => void stop(0), { signal: ended.signal });
  // Who wants the output listens by now.
  setImmediate(() => {
    for (const { stdout } of instances) if (stdout.readableFlowing === null) stdout.resume();
  });
  const dispose = async (): Promise<void> => {
    await stop();
  };
  return { instances, stop, [Symbol.asyncDispose]: dispose };
}
