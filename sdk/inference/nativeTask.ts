import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import {
  formatExit,
  type InstancePlan,
  type LaunchedInstance,
  planLaunch,
  probeBindingWay,
  type ProcessExit,
  startLaunch,
} from "../launch/index.ts";
import { probeTopology } from "../topology/index.ts";
import { EngineError, type EngineErrorCode } from "./errors.ts";
import type { WorkerReply } from "./protocol.ts";
import { logEnd } from "./worker/answer.ts";

/** A program that does native work in a process of its own, so that a crash costs no more than that process. */
export interface NativeProgram {
  readonly program: URL;
  readonly instance: InstancePlan;
  /** Kills the process when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** A process that does one task after another. */
export interface NativeWorker extends AsyncDisposable {
  /**
   * Has a task done and gives its answer; `onLogLine` is called with each line that the library says.
   * @throws {EngineError} `aborted`, `worker-died`, and what the process reports
   */
  run(task: unknown, onLogLine?: (line: string) => void): Promise<unknown>;
}

/**
 * Where native work runs: as one instance of a launch, bound in the way that works here.
 * @throws {LaunchError} `threads-out-of-range` and others of `planLaunch`
 */
export async function planNativeInstance(threadsCount?: number): Promise<InstancePlan> {
  const topology = await probeTopology();
  const { way: bindingWay } = await probeBindingWay(topology);
  const [instance] = planLaunch(
    { bindingWay, ...(threadsCount === undefined ? {} : { threadsCount }) },
    topology,
  ).instances;
  if (instance !== undefined) return instance;
  throw new EngineError("worker-died", "The launch planned no instance. Allow this process one CPU at least.");
}

type Lines = AsyncIterator<string, unknown>;

function linesOf(stream: Readable): Lines {
  return createInterface({ input: stream })[Symbol.asyncIterator]();
}

async function readLog(lines: Lines, take: ((line: string) => void) | undefined): Promise<void> {
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
    if (line.value === logEnd) return;
    take?.(line.value);
  }
}

function resultOf(line: string): unknown {
  const reply = JSON.parse(line) as WorkerReply;
  if (!("error" in reply)) return reply.result;
  const { code, message, facts } = reply.error;
  throw new EngineError(code as EngineErrorCode, message, { facts });
}

function assertNotStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new EngineError("aborted", "The work was stopped; nothing was left behind. Call again to have it done.", {
    cause: signal.reason,
  });
}

function deathOf(exit: ProcessExit): EngineError {
  const message = `The process that did the native work ended with ${formatExit(exit)} before its end; its last words:\n${exit.lastStderrLines.slice(-5).join("\n")}`;
  return new EngineError("worker-died", message, { facts: { ...exit } });
}

/** The line to a process that does native work. */
function runnerOf({ stdin, stdout, stderr, exited }: LaunchedInstance, signal: AbortSignal | undefined) {
  const replies = linesOf(stdout);
  const log = linesOf(stderr);
  return async (task: unknown, onLogLine?: (line: string) => void): Promise<unknown> => {
    stdin.write(`${JSON.stringify(task)}\n`);
    const [reply] = await Promise.all([replies.next(), readLog(log, onLogLine)]);
    assertNotStopped(signal);
    if (reply.done === true) throw deathOf(await exited);
    return resultOf(reply.value);
  };
}

/**
 * Starts a process for native work; disposing of it ends it.
 * @throws {EngineError} `aborted`, `worker-died`
 */
export async function startNativeWorker({ program, instance, signal }: NativeProgram): Promise<NativeWorker> {
  assertNotStopped(signal);
  const runs: NativeWorker["run"][] = [];
  const command = { file: process.execPath, args: [fileURLToPath(program)] };
  const launch = await startLaunch({ instances: [instance], warnings: [] }, command, {
    graceSeconds: 0,
    ...(signal === undefined ? {} : { killSignal: signal }),
    onStart(started) {
      runs.push(runnerOf(started, signal));
    },
  });
  const [run] = runs;
  if (run === undefined) throw new EngineError("worker-died", "The launch started no instance. Plan at least one.");
  return {
    run,
    async [Symbol.asyncDispose]() {
      await launch.stop();
    },
  };
}

/**
 * Does one piece of native work in a process of its own, and gives its answer.
 * @throws {EngineError} `aborted`, `worker-died`, and what the process reports
 */
export async function runNativeTask(program: NativeProgram, task: unknown): Promise<unknown> {
  await using worker = await startNativeWorker(program);
  return await worker.run(task);
}
