import { EngineError } from "../errors.ts";
import type { EmbeddingRequest } from "../protocol.ts";
import { createBatch, floatsAt } from "./batch.ts";
import { feed, type Session } from "./llamaSession.ts";
import type { Handle } from "./native.ts";

/** How the vectors of a text's tokens become one (llama_pooling_type). */
const poolings = { none: 0, rank: 4 };

function assertFits(count: number, limit: number): void {
  if (count >= 1 && count <= limit) return;
  const message = `The text has ${count} tokens; this model takes 1 to ${limit} of them at once. Change the text, or start the engine with a larger context and micro batch.`;
  throw new EngineError("context-too-small", message, { facts: { count, limit } });
}

function assertPooled(pooling: number): void {
  if (pooling !== poolings.rank) return;
  const message = "This model ranks texts and gives no vectors. Use an embedding model.";
  throw new EngineError("not-supported", message, { facts: { pooling } });
}

/** Computes tokens with the vectors of each, after those that the context holds; shows the one that stands for them. */
function vectorOf(session: Session, tokens: Int32Array, startPosition: number): Handle {
  const { llama, context } = session;
  using batch = createBatch(session, tokens.length);
  llama.llama_set_embeddings(context, true);
  try {
    batch.compute(
      Array.from(tokens, (token, at) => ({ token, position: startPosition + at, sequenceIndex: 0, hasOutput: true })),
    );
  } finally {
    llama.llama_set_embeddings(context, false);
  }
  return llama.llama_pooling_type(context) === poolings.none
    ? llama.llama_get_embeddings_ith(context, -1)
    : llama.llama_get_embeddings_seq(context, 0);
}

/** The vector of a text, pooled as the model says; without pooling, that of its last token. */
function embedText(session: Session, text: string): number[] {
  const { llama, context, vocabulary, contextTokensCount, microBatchTokensCount } = session;
  const pooling = llama.llama_pooling_type(context);
  assertPooled(pooling);
  const tokens = vocabulary.tokenize(text, { special: false });
  const isPooled = pooling !== poolings.none;
  assertFits(tokens.length, isPooled ? Math.min(contextTokensCount, microBatchTokensCount) : contextTokensCount);
  const start = isPooled ? 0 : tokens.length - 1;
  llama.llama_memory_clear(llama.llama_get_memory(context), false);
  feed(session, tokens.slice(0, start));
  return [...floatsAt(vectorOf(session, tokens.subarray(start), start), session.embeddingSize)];
}

/** The vector of each text, one after the other. */
export function embedTexts(session: Session, { texts }: EmbeddingRequest): number[][] {
  return texts.map((text) => embedText(session, text));
}
