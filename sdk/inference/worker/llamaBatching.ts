import { setTimeout } from "node:timers/promises";
import type {
  BatchedGeneration,
  BatchedRequest,
  BatchedRun,
  BatchingRequest,
  BatchMessage,
  BatchStep,
} from "../batching.ts";
import type { CallLine } from "../protocol.ts";
import { type Batch, type BatchEntry, createBatch } from "./batch.ts";
import { createScheduler, type PlannedStep, type Running, type Scheduled, type Scheduler } from "./batchScheduler.ts";
import type { Session } from "./llamaSession.ts";
import type { Handle } from "./native.ts";
import { createSampler } from "./sampler.ts";
import { createTextStream, type TextStream } from "./textStream.ts";

/** What a request has so far. */
interface Progress {
  readonly request: BatchedRequest;
  readonly sampler: Handle;
  readonly text: TextStream;
  readonly pieces: string[];
  readonly tokens: number[];
  readonly tokenSeconds: number[];
}

/** The longest sleep while a request may come at any time. */
const idleSeconds = 0.001;

/** One batched run: requests as they come, steps as they are planned. */
class BatchingRun {
  readonly #session: Session;
  readonly #asked: BatchingRequest;
  readonly #line: CallLine;
  readonly #scheduler: Scheduler;
  readonly #progress = new Map<number, Progress>();
  readonly #upcoming: BatchedRequest[];
  readonly #generations: BatchedGeneration[] = [];
  readonly #steps: BatchStep[] = [];
  readonly #startedAt = performance.now();
  #isOpen: boolean;
  #arrivedCount = 0;

  constructor(session: Session, asked: BatchingRequest, line: CallLine) {
    this.#session = session;
    this.#asked = asked;
    this.#line = line;
    this.#scheduler = createScheduler(asked.policy);
    this.#upcoming = [...asked.requests].sort((a, b) => a.arrivalSeconds - b.arrivalSeconds);
    this.#isOpen = asked.isOpen;
  }

  #now(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  #arrive(request: BatchedRequest): void {
    const requestIndex = this.#arrivedCount++;
    this.#scheduler.arrive({ requestIndex, tokens: request.tokens, arrivalSeconds: request.arrivalSeconds });
    this.#progress.set(requestIndex, {
      request,
      sampler: createSampler(this.#session.llama, request.sampling),
      text: createTextStream([]),
      pieces: [],
      tokens: [],
      tokenSeconds: [],
    });
  }

  #hear(message: BatchMessage): void {
    if ("submit" in message) this.#arrive({ ...message.submit, arrivalSeconds: this.#now() });
    else if ("end" in message) this.#isOpen = false;
    else {
      const withdrawn = this.#scheduler.withdraw(message.withdraw);
      if (withdrawn !== null) this.#end(withdrawn, "cancelled");
    }
  }

  #receive(): void {
    for (const message of this.#line.take() as BatchMessage[]) this.#hear(message);
    for (let next = this.#upcoming[0]; next !== undefined && next.arrivalSeconds <= this.#now();) {
      this.#arrive(next);
      this.#upcoming.shift();
      next = this.#upcoming[0];
    }
  }

  /** Frees what a request held and tells its text. */
  #end(ended: Scheduled | Running, stopReason: BatchedGeneration["stopReason"]): void {
    const progress = this.#progress.get(ended.requestIndex);
    if (progress === undefined) return;
    const { llama, context } = this.#session;
    this.#progress.delete(ended.requestIndex);
    llama.llama_sampler_free(progress.sampler);
    if ("sequenceIndex" in ended) {
      llama.llama_memory_seq_rm(llama.llama_get_memory(context), ended.sequenceIndex, -1, -1);
    }
    const { arrivalSeconds } = ended;
    const startSeconds = "startSeconds" in ended ? ended.startSeconds : this.#now();
    const generation = {
      requestIndex: ended.requestIndex,
      text: [...progress.pieces, progress.text.end()].join(""),
      tokens: progress.tokens,
      promptTokensCount: ended.tokens.length,
      stopReason,
      arrivalSeconds,
      waitSeconds: startSeconds - arrivalSeconds,
      tokenSeconds: progress.tokenSeconds,
    };
    this.#generations.push(generation);
    if (this.#asked.isOpen) this.#line.tell(generation);
  }

  /** Chooses the token that follows an output, and ends the request when it is the last. */
  #choose({ running, entryIndex }: PlannedStep["outputs"][number]): void {
    const progress = this.#progress.get(running.requestIndex);
    if (progress === undefined) return;
    const { llama, context, vocabulary } = this.#session;
    const { request, tokens, pieces, text, tokenSeconds } = progress;
    const token = llama.llama_sampler_sample(progress.sampler, context, entryIndex);
    const isEnd = request.stopsAtEnd && vocabulary.isEnd(token);
    if (!isEnd) {
      running.nextToken = token;
      tokens.push(token);
      pieces.push(text.push(vocabulary.pieceOf(token)));
      tokenSeconds.push(this.#now() - running.arrivalSeconds);
    }
    if (!isEnd && tokens.length < request.maximumTokensCount) return;
    this.#scheduler.finish(running);
    this.#end(running, isEnd ? "end-token" : "maximum-tokens");
  }

  /** The entry that fills a step up to whole rows of the kernels, when only one is missing. */
  #idleEntries(count: number): BatchEntry[] {
    const { rowMultiple, maximumSequencesCount } = this.#asked.policy;
    if (rowMultiple === 1 || count < rowMultiple || count % rowMultiple !== rowMultiple - 1) return [];
    return [{ token: 0, position: 0, sequenceIndex: maximumSequencesCount, hasOutput: false }];
  }

  #step(batch: Batch): void {
    const { llama, context } = this.#session;
    const startSeconds = this.#now();
    const { entries, outputs, decodeRowsCount, promptRowsCount } = this.#scheduler.plan(startSeconds);
    const idle = this.#idleEntries(entries.length);
    batch.compute([...entries, ...idle]);
    if (idle.length > 0) {
      const { maximumSequencesCount } = this.#asked.policy;
      llama.llama_memory_seq_rm(llama.llama_get_memory(context), maximumSequencesCount, -1, -1);
    }
    for (const output of outputs) this.#choose(output);
    const counts = { decodeRowsCount, promptRowsCount, idleRowsCount: idle.length };
    this.#steps.push({ startSeconds, endSeconds: this.#now(), ...counts });
  }

  /** The seconds until something is to be done; null when nothing will be. */
  #restSeconds(): number | null {
    const delaySeconds = this.#scheduler.delayAt(this.#now());
    const nextSeconds = this.#upcoming[0]?.arrivalSeconds;
    const untilNext = nextSeconds === undefined ? Infinity : Math.max(0, nextSeconds - this.#now());
    if (delaySeconds === null && untilNext === Infinity) return this.#isOpen ? idleSeconds : null;
    const rest = Math.min(delaySeconds ?? Infinity, untilNext);
    return this.#isOpen ? Math.min(rest, idleSeconds) : rest;
  }

  async run(): Promise<BatchedRun> {
    using batch = createBatch(this.#session, this.#session.batchTokensCount);
    for (;;) {
      await this.#line.listen();
      if (this.#line.signal.aborted) break;
      this.#receive();
      if (this.#scheduler.delayAt(this.#now()) === 0) {
        this.#step(batch);
        continue;
      }
      const restSeconds = this.#restSeconds();
      if (restSeconds === null) break;
      await setTimeout(restSeconds * 1000);
    }
    for (const requestIndex of [...this.#progress.keys()]) this.#hear({ withdraw: requestIndex });
    return { generations: this.#generations, steps: this.#steps, policy: this.#asked.policy };
  }
}

/** Computes requests together as they come, until there are no more. */
export function runBatching(session: Session, request: BatchingRequest, line: CallLine): Promise<BatchedRun> {
  return new BatchingRun(session, request, line).run();
}
