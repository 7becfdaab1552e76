import type { BatchPolicy } from "../batching.ts";
import type { BatchEntry } from "./batch.ts";

/** A request that waits or runs. */
export interface Scheduled {
  readonly requestIndex: number;
  readonly tokens: readonly number[];
  /** Since the beginning of the run. */
  readonly arrivalSeconds: number;
}

/** A request in the context. */
export interface Running extends Scheduled {
  readonly sequenceIndex: number;
  /** Since the beginning of the run. */
  readonly startSeconds: number;
  /** Tokens that the context holds of it. */
  computedCount: number;
  /** The token to compute after the prompt. */
  nextToken: number;
}

/** What to compute next. */
export interface PlannedStep {
  readonly entries: readonly BatchEntry[];
  /** The requests that get a token, with the index of the entry that it follows. */
  readonly outputs: readonly { readonly running: Running; readonly entryIndex: number }[];
  readonly decodeRowsCount: number;
  readonly promptRowsCount: number;
}

/** Decides which requests are computed together. */
export interface Scheduler {
  arrive(request: Scheduled): void;
  /** Takes a request out, whether it waits or runs; null when it does neither. */
  withdraw(requestIndex: number): Scheduled | Running | null;
  /** The seconds to wait before a step is worth computing: 0 for none, null while there is no request. */
  delayAt(nowSeconds: number): number | null;
  /** Lets requests join and plans the next step. */
  plan(nowSeconds: number): PlannedStep;
  finish(running: Running): void;
}

const promptRestOf = ({ tokens, computedCount }: Running): number => Math.max(0, tokens.length - computedCount);

/** The entries of one request: its next token, or the next piece of its prompt. */
function entriesOf(running: Running, count: number): BatchEntry[] {
  const { tokens, computedCount, sequenceIndex } = running;
  const pieces = promptRestOf(running) === 0 ? [running.nextToken] : tokens.slice(computedCount, computedCount + count);
  return pieces.map((token, at) => {
    const position = computedCount + at;
    return { token, position, sequenceIndex, hasOutput: position >= tokens.length - 1 };
  });
}

/** How many prompt tokens a step takes: up to the most that are allowed, to a multiple of rows where that is less. */
function promptRowsOf(policy: BatchPolicy, decodeRowsCount: number, waitingTokensCount: number): number {
  const most = Math.min(policy.promptChunkTokensCount, waitingTokensCount);
  const surplus = (decodeRowsCount + most) % policy.rowMultiple;
  return waitingTokensCount > most && most > surplus ? most - surplus : most;
}

/** The next step of those that run: a token each, and pieces of prompts; it counts them as computed. */
function composeStep(running: readonly Running[], policy: BatchPolicy): PlannedStep {
  const decoding = running.filter((each) => promptRestOf(each) === 0);
  const reading = running.filter((each) => promptRestOf(each) > 0);
  const waitingTokensCount = reading.reduce((sum, each) => sum + promptRestOf(each), 0);
  const promptRowsCount = promptRowsOf(policy, decoding.length, waitingTokensCount);
  let restCount = promptRowsCount;
  const entries: BatchEntry[] = [];
  const outputs: PlannedStep["outputs"][number][] = [];
  for (const each of [...decoding, ...reading]) {
    const own = entriesOf(each, restCount);
    if (promptRestOf(each) > 0) restCount -= own.length;
    entries.push(...own);
    each.computedCount += own.length;
    if (own.at(-1)?.hasOutput === true) outputs.push({ running: each, entryIndex: entries.length - 1 });
  }
  return { entries, outputs, decodeRowsCount: decoding.length, promptRowsCount };
}

/** The requests of a scheduler, and the sequences that none of them has. */
interface Requests {
  readonly waiting: Scheduled[];
  readonly running: Running[];
  readonly free: number[];
}

/** Gives free sequences to those who wait. */
function join({ waiting, running, free }: Requests, nowSeconds: number): void {
  while (free.length > 0) {
    const request = waiting.shift();
    if (request === undefined) return;
    const sequenceIndex = free.shift() ?? 0;
    running.push({ ...request, sequenceIndex, startSeconds: nowSeconds, computedCount: 0, nextToken: 0 });
  }
}

/** A scheduler without requests. */
export function createScheduler(policy: BatchPolicy): Scheduler {
  const waiting: Scheduled[] = [];
  const running: Running[] = [];
  const free = Array.from({ length: policy.maximumSequencesCount }, (_, index) => index);

  const finish = (ended: Running): void => {
    running.splice(running.indexOf(ended), 1);
    free.push(ended.sequenceIndex);
  };

  return {
    arrive(request) {
      waiting.push(request);
    },
    withdraw(requestIndex) {
      const isAsked = (request: Scheduled): boolean => request.requestIndex === requestIndex;
      const at = waiting.findIndex(isAsked);
      if (at >= 0) return waiting.splice(at, 1)[0] ?? null;
      const found = running.find(isAsked) ?? null;
      if (found !== null) finish(found);
      return found;
    },
    delayAt(nowSeconds) {
      const [first] = waiting;
      if (running.length > 0 || waiting.length >= policy.maximumSequencesCount) return 0;
      if (first === undefined) return null;
      return Math.max(0, first.arrivalSeconds + policy.maximumDelaySeconds - nowSeconds);
    },
    plan(nowSeconds) {
      if (policy.joining === "continuous" || running.length === 0) join({ waiting, running, free }, nowSeconds);
      return composeStep(running, policy);
    },
    finish,
  };
}
