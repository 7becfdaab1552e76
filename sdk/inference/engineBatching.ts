import { type Batcher, openBatcher } from "./batcher.ts";
import {
  type BatchedPrompt,
  type BatchedRun,
  type BatchingRequest,
  type BatchPolicy,
  planBatching,
  planRequest,
} from "./batching.ts";
import type { Channel } from "./channel.ts";
import type { WorkerCalls } from "./protocol.ts";
import { EngineError } from "./errors.ts";
import { assertThreads } from "./request.ts";
import type { EngineSetting, ThreadPlacement } from "./setting.ts";

/** Whom requests are computed with, and on which threads; everything may be left out. */
export type BatchingOptions = Partial<BatchPolicy> & { readonly threads?: ThreadPlacement };

/** Several requests computed together, each in a sequence of its own of one context. */
export interface EngineBatching {
  /**
   * Computes requests that come at known times, so that nothing of the caller runs beside the measurement.
   * @throws {EngineError} `invalid-request`, `context-too-small`, `worker-died`
   */
  runBatched(
    requests: readonly (BatchedPrompt & { readonly arrivalSeconds?: number })[],
    options?: BatchingOptions & { readonly signal?: AbortSignal },
  ): Promise<BatchedRun>;
  /**
   * Opens the engine for requests at any time.
   * @throws {EngineError} `invalid-request`, `context-too-small`
   */
  openBatcher(options?: BatchingOptions): Batcher;
}

function planArrival(seconds: number): number {
  if (seconds >= 0 && seconds < Infinity) return seconds;
  const message = `arrivalSeconds is ${seconds} and must be at least 0. Pass such.`;
  throw new EngineError("invalid-request", message, { facts: { arrivalSeconds: seconds } });
}

/** The batched requests of the engine at the other end of `channel`. */
export function batchingOf(channel: Channel<WorkerCalls>, setting: EngineSetting): EngineBatching {
  const plan = ({ threads = setting.threads, ...policy }: BatchingOptions): Omit<BatchingRequest, "requests"> => {
    assertThreads(threads, setting);
    return { isOpen: false, policy: planBatching(policy, setting), threads };
  };
  return {
    async runBatched(prompts, { signal, ...options } = {}) {
      const requests = prompts.map((prompt) => ({
        ...planRequest(prompt, setting),
        arrivalSeconds: planArrival(prompt.arrivalSeconds ?? 0),
      }));
      const { value } = await channel.stream("batch", { ...plan(options), requests }, signal).next();
      return value as BatchedRun;
    },
    openBatcher: (options = {}) => openBatcher(channel, { ...plan(options), isOpen: true, requests: [] }, setting),
  };
}
