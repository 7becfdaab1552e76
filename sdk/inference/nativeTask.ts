import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import {
  formatExit,
  type InstancePlan,
  planLaunch,
  probeBindingWay,
  type ProcessExit,
  startLaunch,
} from "../launch/index.ts";
import { probeTopology } from "../topology/index.ts";
import { EngineError, type EngineErrorCode } from "./errors.ts";
import type { WorkerReply } from "./protocol.ts";

/** One piece of native work that a process of its own does, so that a crash costs no more than that process. */
export interface NativeTask {
  readonly program: URL;
  readonly task: unknown;
  readonly instance: InstancePlan;
  /** Kills the process when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each line that the library says. */
  readonly onLogLine?: (line: string) => void;
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

async function readLines(stream: Readable, take: ((line: string) => void) | undefined): Promise<void> {
  for await (const line of createInterface({ input: stream })) take?.(line);
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

/** What the process answered, once it has ended. */
async function answerOf(said: string, exited: Promise<ProcessExit>): Promise<unknown> {
  const exit = await exited;
  if (exit.exitCode === 0 && said !== "") return resultOf(said);
  const message = `The process that did the native work ended with ${formatExit(exit)} before its end; its last words:\n${exit.lastStderrLines.slice(-5).join("\n")}`;
  throw new EngineError("worker-died", message, { facts: { ...exit } });
}

/**
 * Does native work in a process of its own, and gives its answer.
 * @throws {EngineError} `aborted`, `worker-died`, and what the process reports
 */
export async function runNativeTask({ program, task, instance, signal, onLogLine }: NativeTask): Promise<unknown> {
  assertNotStopped(signal);
  let answer: Promise<unknown> = Promise.resolve();
  const command = { file: process.execPath, args: [fileURLToPath(program)] };
  const launch = await startLaunch({ instances: [instance], warnings: [] }, command, {
    graceSeconds: 0,
    ...(signal === undefined ? {} : { killSignal: signal }),
    onStart({ stdin, stdout, stderr, exited }) {
      stdin.end(JSON.stringify(task));
      const reading = Promise.all([text(stdout), readLines(stderr, onLogLine)]);
      answer = reading.then(([said]) => answerOf(said, exited));
      answer.catch(() => undefined);
    },
  });
  try {
    return await answer;
  } finally {
    await launch.stop();
    assertNotStopped(signal);
  }
}
