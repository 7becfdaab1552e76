import {
  type BatchedGeneration,
  type BatchedPrompt,
  type BatchedRun,
  type BatchingRequest,
  type BatchMessage,
  planRequest,
} from "./batching.ts";
import type { Channel } from "./channel.ts";
import type { WorkerCalls } from "./protocol.ts";
import { EngineError } from "./errors.ts";
import type { EngineSetting } from "./setting.ts";

/** Takes prompts as they come and computes them together. While it is open, the engine answers no other call. */
export interface Batcher extends AsyncDisposable {
  /**
   * The text after a prompt.
   * @throws {EngineError} `invalid-request`, `context-too-small`, `closed`, `worker-died`
   */
  submit(prompt: BatchedPrompt, options?: { readonly signal?: AbortSignal }): Promise<BatchedGeneration>;
  /** Waits for what was submitted, and gives the whole run. */
  close(): Promise<BatchedRun>;
}

/** Who waits for a request. */
interface Waiter {
  readonly resolve: (generation: BatchedGeneration) => void;
  readonly reject: (cause: unknown) => void;
}

/** Gives each generation to its waiter as it comes, and returns the whole run. */
async function readRun(
  channel: Channel<WorkerCalls>,
  request: BatchingRequest,
  waiters: Map<number, Waiter>,
): Promise<BatchedRun> {
  const parts = channel.stream<"batch", BatchedGeneration>("batch", request);
  try {
    for (;;) {
      const { done, value } = await parts.next();
      if (done === true) return value;
      waiters.get(value.requestIndex)?.resolve(value);
      waiters.delete(value.requestIndex);
    }
  } catch (cause) {
    for (const { reject } of waiters.values()) reject(cause);
    throw cause;
  }
}

/** Opens the engine at the other end of `channel` for requests at any time. */
export function openBatcher(channel: Channel<WorkerCalls>, request: BatchingRequest, setting: EngineSetting): Batcher {
  const waiters = new Map<number, Waiter>();
  const say = (message: BatchMessage): void => {
    channel.say(message);
  };
  let submittedCount = 0;
  let isOpen = true;
  const run = readRun(channel, request, waiters).finally(() => {
    isOpen = false;
  });
  run.catch(() => undefined);
  const close = (): Promise<BatchedRun> => {
    if (isOpen) say({ end: true });
    isOpen = false;
    return run;
  };
  return {
    async submit(prompt, { signal } = {}) {
      if (!isOpen) throw new EngineError("closed", "This batcher is closed. Open another one.");
      say({ submit: planRequest(prompt, setting) });
      const requestIndex = submittedCount++;
      const withdraw = (): void => {
        say({ withdraw: requestIndex });
      };
      if (signal?.aborted === true) withdraw();
      signal?.addEventListener("abort", withdraw, { once: true });
      return new Promise<BatchedGeneration>((resolve, reject) => {
        waiters.set(requestIndex, { resolve, reject });
      }).finally(() => signal?.removeEventListener("abort", withdraw));
    },
    close,
    async [Symbol.asyncDispose]() {
      await close();
    },
  };
}
