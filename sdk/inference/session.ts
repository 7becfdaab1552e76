import type { InstancePlan } from "../launch/index.ts";
import type { Tensor } from "../onnx/index.ts";
import type { Channel } from "./channel.ts";
import { EngineError } from "./errors.ts";
import { assertFeeds, assertNames } from "./feeds.ts";
import { type GraphProfile, parseProfile } from "./graphProfile.ts";
import { findOnnxRuntime } from "./onnxRuntime.ts";
import { assertSoundGraph } from "./modelFit.ts";
import { assertCount } from "./request.ts";
import type { CarryRequest, OpenedSession, SessionCalls } from "./sessionProtocol.ts";
import { planSessionSetting, type SessionSetting, type SessionSpec } from "./sessionSetting.ts";
import { startWorker } from "./workerProcess.ts";

/** A session with every choice made: what starts, and what is stored with the result. */
export interface SessionPlan {
  /** Of onnxruntime. */
  readonly version: string;
  readonly setting: SessionSetting;
  readonly instance: InstancePlan;
  /** The model, where it is no file. */
  readonly modelBytes: Uint8Array | null;
}

/** What started. */
export interface SessionFacts extends OpenedSession, Pick<SessionPlan, "version" | "setting"> {}

/** A request for the time of runs. */
export interface RoundsSpec {
  readonly feeds: readonly Tensor[];
  readonly roundsCount: number;
  /** Runs before the timed ones. Default 1. */
  readonly warmupCount?: number;
}

/** How a loop runs. */
export interface LoopSpec extends CarryRequest {
  /** What each step gives. */
  readonly outputs: readonly string[];
}

/** A graph that feeds itself: what it carries from step to step stays in the worker. */
export interface Loop {
  /** Runs a step with each batch, and gives the outputs of each. Many batches a call keep the way to the worker cheap. */
  run(batches: readonly (readonly Tensor[])[]): Promise<readonly (readonly Tensor[])[]>;
  /** The carried inputs as they are now. */
  carried(): Promise<readonly Tensor[]>;
}

/** A graph in a process of its own that runs it. Requests are answered one at a time, in order. */
export interface Session extends AsyncDisposable {
  readonly facts: SessionFacts;
  readonly processId: number;
  /** The outputs of the graph, or those that are named, in that order. */
  run(feeds: readonly Tensor[], outputs?: readonly string[]): Promise<readonly Tensor[]>;
  /** The seconds of each round, taken in the worker while this process waits. */
  time(spec: RoundsSpec): Promise<readonly number[]>;
  /** Begins a loop, in the place of the one before. */
  loop(spec: LoopSpec): Promise<Loop>;
  close(): Promise<void>;
}

/**
 * Makes every choice of a session explicit.
 * @throws {EngineError} `engine-missing` when onnxruntime is not installed for this platform, `invalid-setting`
 */
export function planSession(spec: SessionSpec, instance: InstancePlan): SessionPlan {
  return {
    version: findOnnxRuntime().version,
    instance,
    setting: planSessionSetting(spec, instance),
    modelBytes: typeof spec.model === "string" ? null : spec.model,
  };
}

async function startLoop(channel: Channel<SessionCalls>, facts: SessionFacts, spec: LoopSpec): Promise<Loop> {
  const { carry, initial, outputs } = spec;
  assertNames("output", [...outputs, ...Object.keys(carry)], facts.outputs);
  const isCarried = ({ name }: { readonly name: string }): boolean => Object.values(carry).includes(name);
  assertNames("input", Object.values(carry), facts.inputs);
  assertFeeds(initial, facts.inputs.filter(isCarried));
  await channel.ask("carry", { carry, initial });
  const fed = facts.inputs.filter((input) => !isCarried(input));
  return {
    async run(batches) {
      for (const batch of batches) assertFeeds(batch, fed);
      return channel.ask("step", { batches, outputs });
    },
    carried: () => channel.ask("carried", null),
  };
}

function sessionOf(channel: Channel<SessionCalls>, facts: SessionFacts): Session {
  const close = (): Promise<void> => channel.close();
  const outputs = facts.outputs.map(({ name }) => name);
  return {
    facts,
    processId: channel.processId,
    async run(feeds, wanted = outputs) {
      assertFeeds(feeds, facts.inputs);
      assertNames("output", wanted, facts.outputs);
      return channel.ask("run", { feeds, outputs: wanted });
    },
    async time({ feeds, roundsCount, warmupCount = 1 }) {
      assertFeeds(feeds, facts.inputs);
      assertCount("roundsCount", roundsCount, 1);
      assertCount("warmupCount", warmupCount, 0);
      return channel.ask("time", { feeds, outputs, roundsCount, warmupCount });
    },
    loop: (spec) => startLoop(channel, facts, spec),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function openSession(plan: SessionPlan, isProfiled: boolean, signal?: AbortSignal) {
  const { setting, modelBytes, version } = plan;
  const program = new URL("./worker/graphRunner.js", import.meta.url);
  const channel = await startWorker<SessionCalls>(program, plan.instance, signal);
  try {
    // The worker starts meanwhile.
    await assertSoundGraph(setting.modelPath ?? modelBytes ?? new Uint8Array());
    const opened = await channel.ask("open", { setting, modelBytes, isProfiled });
    return { channel, session: sessionOf(channel, { ...opened, version, setting }) };
  } catch (cause) {
    await channel.close();
    throw cause;
  }
}

/**
 * Starts the worker process of one session, bound as planned, with its graph loaded.
 * @throws {EngineError} `model-load-failed`, `not-supported`, `worker-died`
 */
export async function startSession(
  plan: SessionPlan,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Session> {
  return (await openSession(plan, false, options.signal)).session;
}

/**
 * Where the time of a graph goes, from runs in a process of their own that times every node.
 * @throws {EngineError} `not-supported` for parallel execution, where times overlap, and as `startSession`
 */
export async function profileGraph(plan: SessionPlan, spec: RoundsSpec): Promise<GraphProfile> {
  if (plan.setting.execution === "parallel") {
    const message = "The execution is parallel, where the times of nodes overlap. Plan a sequential one to profile it.";
    throw new EngineError("not-supported", message);
  }
  const { warmupCount = 1 } = spec;
  const { channel, session } = await openSession(plan, true);
  try {
    await session.time({ ...spec, warmupCount });
    return parseProfile(Buffer.from(await channel.ask("trace", null)).toString(), warmupCount);
  } finally {
    await session.close();
  }
}
