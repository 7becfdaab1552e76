import { EngineError } from "../errors.ts";
import type { CallLine, ScoringRequest } from "../protocol.ts";
import { createBatch, floatsAt } from "./batch.ts";
import { feed, type Session } from "./llamaSession.ts";
import { logProbabilitiesOf, logProbabilityOf } from "../logits.ts";

/** The engine keeps the logits of a whole batch, so that batches are small where the vocabulary is large. */
const outputBytes = 2 ** 26;

function assertKnown(tokens: readonly number[], tokensCount: number): void {
  const unknown = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= tokensCount);
  if (unknown === undefined) return;
  const message = `${unknown} is no token; this model has those from 0 to ${tokensCount - 1}. Use its own tokenizer.`;
  throw new EngineError("invalid-request", message, { facts: { token: unknown, tokensCount } });
}

/** Shows, for each token from `firstIndex` on, the logits of those before it; they are valid until the next is asked for. */
function* scoreTokens(session: Session, { tokens, firstIndex }: ScoringRequest) {
  const { llama, context, vocabulary, batchTokensCount } = session;
  assertKnown(tokens, vocabulary.tokensCount);
  const capacity = Math.min(batchTokensCount, Math.max(1, Math.floor(outputBytes / (4 * vocabulary.tokensCount))));
  feed(session, Int32Array.from(tokens.slice(0, firstIndex - 1)));
  using batch = createBatch(session, capacity);
  for (let start = firstIndex - 1; start < tokens.length - 1; start += capacity) {
    const part = tokens.slice(start, Math.min(start + capacity, tokens.length - 1));
    batch.compute(part.map((token, at) => ({ token, position: start + at, sequenceIndex: 0, hasOutput: true })));
    for (const at of part.keys()) {
      const logits = floatsAt(llama.llama_get_logits_ith(context, at), vocabulary.tokensCount);
      yield { token: tokens[start + at + 1] ?? 0, logits };
    }
  }
}

/** The logarithm of each token's probability after those before it, from `firstIndex` on. */
export function scoreProbabilities(session: Session, request: ScoringRequest): number[] {
  return Array.from(scoreTokens(session, request), ({ token, logits }) => logProbabilityOf(logits, token));
}

/** Tells, for each token from `firstIndex` on, the logarithms of all tokens' probabilities in its place; gives how many. */
export async function scoreDistributions(session: Session, request: ScoringRequest, line: CallLine): Promise<number> {
  let count = 0;
  for (const { logits } of scoreTokens(session, request)) {
    line.tell(Buffer.from(logProbabilitiesOf(logits).buffer).toString("base64"));
    await line.listen();
    count++;
    if (line.signal.aborted) break;
  }
  return count;
}
