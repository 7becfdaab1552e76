import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import type { Duplex, Readable, Writable } from "node:stream";
import { openBinder } from "./binder.ts";
import { LaunchError } from "./errors.ts";
import { exitOf, type ProcessExit } from "./exit.ts";
import { type Gate, gatedCommandOf, gateOf } from "./gate.ts";
import type { LaunchOptions } from "./launch.ts";
import type { InstancePlan } from "./plan.ts";
import { openProcessGroup } from "./processGroup.ts";
import { environmentOf, type Program } from "./program.ts";
import { awaitReady, type Readiness } from "./ready.ts";
import { timerMillisecondsOf } from "./timer.ts";

const usualGraceSeconds = 5;

/** One running process of a launch, with all that it starts. */
export interface LaunchedInstance {
  readonly plan: InstancePlan;
  readonly processId: number;
  /** It closes when this process dies, whatever the death: the program should then end by itself. */
  readonly stdin: Writable;
  /** Read both at once: what nobody listens to is dropped, so that the program never waits for a reader. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** What became of it by the time that it is ready; at once where it need not say so. Never rejects. */
  readonly ready: Promise<Readiness>;
  /** How it ended, and with it all that it started; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Ends the process and all that it started by SIGTERM, and after the time of grace by SIGKILL. */
  stop(graceSeconds?: number): Promise<ProcessExit>;
}

/** What an instance is started from. */
export interface InstanceStart {
  readonly program: Program;
  readonly options: LaunchOptions;
  /** Whether it waits to be let go. */
  readonly isGated: boolean;
}

/** An instance, and the gate at which it waits. */
export interface StartedInstance {
  readonly instance: LaunchedInstance;
  readonly gate: Gate | null;
}

/**
 * Starts one instance; its program runs at once, or when its gate is opened.
 * @throws {LaunchError} `binding-refused`, `not-started`
 */
export async function startInstance(plan: InstancePlan, start: InstanceStart): Promise<StartedInstance> {
  const child = await spawned(plan, start);
  const { pid: processId } = child;
  if (processId === undefined) throw failedErrorOf(plan, (await once(child, "error"))[0] as NodeJS.ErrnoException);
  // A write to a process that has died is told by its exit, not by an error of the pipe.
  child.stdin.on("error", () => undefined);
  const instance = instanceOf(plan, { child, processId, options: start.options });
  start.options.onStart?.(instance);
  return { instance, gate: start.isGated ? gateOf(child.stdio[3] as Duplex) : null };
}

async function spawned(plan: InstancePlan, start: InstanceStart): Promise<ChildProcessWithoutNullStreams> {
  const { program, isGated } = start;
  const env = environmentOf(program, plan);
  const command = [program.file, ...program.args];
  const [file = program.file, ...args] = [...plan.prefix, ...(isGated ? gatedCommandOf(command, env) : command)];
  const stdio = Array.from({ length: isGated ? 4 : 3 }, () => "pipe" as const);
  const bound = await openBinder(plan);
  try {
    return bound(() => spawn(file, args, { detached: true, env, stdio }));
  } catch (error) {
    throw error instanceof LaunchError ? error : failedErrorOf(plan, error as NodeJS.ErrnoException);
  }
}

function failedErrorOf(
  { prefix, bindingWay }: InstancePlan,
  { message: line, code }: NodeJS.ErrnoException,
): LaunchError {
  if (code === "ENOENT" && prefix.length > 0) return refusedErrorOf({ prefix, bindingWay }, line);
  const message = `The process could not be started: ${line}. Name another program, or other words for it.`;
  return new LaunchError("not-started", message, { facts: { line } });
}

/** The error for a prefix that did not let a process be bound, with the first line that was said of it. */
export function refusedErrorOf(
  { prefix, bindingWay }: Pick<InstancePlan, "prefix" | "bindingWay">,
  line: string,
): LaunchError {
  const command = prefix.join(" ");
  const message = `\`${command}\` is needed to bind the process, and was refused: ${line}. Plan with the bindingWay that probeBindingWay finds, instead of ${bindingWay}.`;
  return new LaunchError("binding-refused", message, { facts: { command, bindingWay, line } });
}

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly processId: number;
  readonly options: LaunchOptions;
}

function instanceOf(plan: InstancePlan, { child, processId, options }: Running): LaunchedInstance {
  const { stdin, stdout, stderr } = child;
  const group = openProcessGroup(processId);
  let ignoredSeconds: number | null = null;
  child.once("exit", () => {
    group.signal("SIGTERM");
  });
  const exited = exitOf(child).then((exit) => {
    group.close();
    return { ...exit, ignoredSeconds };
  });
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  let isAsked = false;
  const stop = async (graceSeconds = options.graceSeconds ?? usualGraceSeconds): Promise<ProcessExit> => {
    if (!isAsked && graceSeconds > 0 && isRunning()) {
      isAsked = true;
      await options.beforeStop?.(instance);
      group.signal("SIGTERM");
    }
    const timer = setTimeout(() => {
      if (isRunning() && graceSeconds > 0) ignoredSeconds ??= graceSeconds;
      group.signal("SIGKILL");
    }, timerMillisecondsOf(graceSeconds));
    return exited.finally(() => {
      clearTimeout(timer);
    });
  };
  const ready =
    options.ready === undefined
      ? Promise.resolve("ready" as const)
      : awaitReady({ stdout, stderr, exited }, options.ready);
  const instance: LaunchedInstance = { plan, processId, stdin, stdout, stderr, ready, exited, stop };
  return instance;
}
