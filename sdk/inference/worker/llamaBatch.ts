import type { BatchRequest } from "../protocol.ts";
import type { BatchTimeline } from "../timeline.ts";
import { type BatchEntry, createBatch } from "./batch.ts";
import { randomTokens, type Session } from "./llamaSession.ts";

const indexes = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Random tokens for so many sequences, at so many positions from `startPosition` on; the last of each has an output. */
function entriesFor(
  session: Session,
  sequencesCount: number,
  { startPosition, positionsCount }: { readonly startPosition: number; readonly positionsCount: number },
): BatchEntry[] {
  return indexes(sequencesCount).flatMap((sequenceIndex) =>
    Array.from(randomTokens(session, positionsCount), (token, at) => ({
      token,
      position: startPosition + at,
      sequenceIndex,
      hasOutput: at === positionsCount - 1,
    })),
  );
}

/** Gives the prompt of the first sequence to the others; a copy is made at the next computation, so one is made and undone. */
function sharePrompt(session: Session, { sequencesCount, promptTokensCount }: BatchRequest): void {
  const { llama, context } = session;
  const memory = llama.llama_get_memory(context);
  for (const sequenceIndex of indexes(sequencesCount).slice(1)) {
    llama.llama_memory_seq_cp(memory, 0, sequenceIndex, -1, -1);
  }
  using batch = createBatch(session, 1);
  batch.compute(entriesFor(session, 1, { startPosition: promptTokensCount, positionsCount: 1 }));
  llama.llama_memory_seq_rm(memory, 0, promptTokensCount, -1);
}

/** Times prompts of random tokens, then steps that add a random token to each sequence, as llama-batched-bench does. */
export function timeBatch(session: Session, request: BatchRequest): BatchTimeline {
  const { sequencesCount, promptTokensCount, isPromptShared, tokensCount, threads } = request;
  const { batchTokensCount } = session;
  using batch = createBatch(session, Math.max(batchTokensCount, sequencesCount));
  const promptsCount = isPromptShared ? 1 : sequencesCount;
  const prompts = entriesFor(session, promptsCount, { startPosition: 0, positionsCount: promptTokensCount });
  const promptStartedAt = performance.now();
  for (let start = 0; start < prompts.length; start += batchTokensCount) {
    batch.compute(prompts.slice(start, start + batchTokensCount));
  }
  const promptSeconds = (performance.now() - promptStartedAt) / 1000;
  if (isPromptShared) sharePrompt(session, request);
  const steps = indexes(tokensCount).map((step) =>
    entriesFor(session, sequencesCount, { startPosition: promptTokensCount + step, positionsCount: 1 }),
  );
  const startedAt = performance.now();
  const tokenSeconds = steps.map((entries) => {
    batch.compute(entries);
    return (performance.now() - startedAt) / 1000;
  });
  return {
    threadsCount: threads.threadsCount,
    sequencesCount,
    promptTokensCount,
    isPromptShared,
    promptSeconds,
    tokensCount: sequencesCount * tokensCount,
    tokenSeconds,
  };
}
