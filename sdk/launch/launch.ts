import type { Readable, Writable } from "node:stream";
import { LaunchError } from "./errors.ts";
import { exitOf, type ProcessExit } from "./exit.ts";
import type { InstancePlan, LaunchPlan } from "./plan.ts";
import { probeRefusal } from "./refusal.ts";

/** By these, OpenMP programs would leave the CPUs they were bound to. */
const overridingVariables = { GOMP_CPU_AFFINITY: undefined, KMP_AFFINITY: undefined };

type Variables = Readonly<Record<string, string | undefined>>;

/** What runs in each instance of a launch. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to this process's own environment, for all instances or for each; what is undefined is taken away. */
  readonly environment?: Variables | ((plan: InstancePlan) => Variables);
}

/** How a launch may be ended. */
export interface LaunchOptions {
  /** Stops every instance when it is aborted. */
  readonly signal?: AbortSignal;
  /** From SIGTERM to SIGKILL; default 5. */
  readonly graceSeconds?: number;
}

/** One running process of a launch. */
export interface LaunchedInstance {
  readonly plan: InstancePlan;
  readonly processId: number;
  /** It closes when this process dies, whatever the death: the program should then end by itself. */
  readonly stdin: Writable;
  /** Read both at once: what nobody listens to is dropped, so that the program never waits for a reader. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How it ended; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Ends the process by SIGTERM, and after the time of grace by SIGKILL. */
  stop(): Promise<ProcessExit>;
}

/** Running processes. Disposing of the launch stops them. */
export interface Launch extends AsyncDisposable {
  readonly instances: readonly LaunchedInstance[];
  /** Stops every instance and tells how each ended. */
  stop(): Promise<ProcessExit[]>;
}

/**
 * Starts the program once for each instance of the plan, behind that instance's prefix, which is tried first.
 * @throws {LaunchError} `binding-refused` before anything is started; `no-such-program`
 */
export async function startLaunch(plan: LaunchPlan, program: Program, options: LaunchOptions = {}): Promise<Launch> {
  await Promise.all(plan.instances.map(assertBindable));
  options.signal?.throwIfAborted();
  const instances: LaunchedInstance[] = [];
  const stop = (): Promise<ProcessExit[]> => Promise.all(instances.map((instance) => instance.stop()));
  try {
    for (const instance of plan.instances) instances.push(await startInstance(instance, program, options));
  } catch (error) {
    await stop();
    throw error;
  }
  const dispose = async (): Promise<void> => {
    await stop();
  };
  return { instances, stop, [Symbol.asyncDispose]: dispose };
}

async function assertBindable({ prefix, bindingWay }: InstancePlan): Promise<void> {
  if (prefix.length === 0) return;
  const refusal = await probeRefusal(prefix);
  if (refusal === null) return;
  const command = prefix.join(" ");
  const message = `\`${command}\` is needed to bind the process, and was refused: ${refusal.line}. Plan with the bindingWay that probeBindingWay finds, instead of ${bindingWay}.`;
  throw new LaunchError("binding-refused", message, { facts: { command, bindingWay, line: refusal.line } });
}

function variablesOf({ environment }: Program, plan: InstancePlan): Variables {
  return typeof environment === "function" ? environment(plan) : (environment ?? {});
}

async function startInstance(plan: InstancePlan, program: Program, options: LaunchOptions): Promise<LaunchedInstance> {
  const { execa } = await import("execa");
  const [file = program.file, ...args] = [...plan.prefix, program.file, ...program.args];
  const child = execa(file, args, {
    buffer: false,
    reject: false,
    env: { ...overridingVariables, ...variablesOf(program, plan) },
    forceKillAfterDelay: (options.graceSeconds ?? 5) * 1000,
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  if (child.pid === undefined) {
    const { originalMessage = "" } = await child;
    const message = `${file} could not be started: ${originalMessage}. Name a program that is installed, or its whole path.`;
    throw new LaunchError("no-such-program", message, { facts: { file } });
  }
  const exited = exitOf(child);
  // A write to a process that has died is told by its exit, not by an error of the pipe.
  child.stdin.on("error", () => undefined);
  const stop = (): Promise<ProcessExit> => {
    child.kill();
    return exited;
  };
  const { stdin, stdout, stderr } = child;
  return { plan, processId: child.pid, stdin, stdout, stderr, exited, stop };
}
