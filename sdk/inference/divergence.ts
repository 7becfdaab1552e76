import type { EngineScoring, ScoringOptions } from "./engineScoring.ts";
import { EngineError } from "./errors.ts";
import { topTokenOf } from "./logits.ts";

/** How far the probabilities of one model are from those of another on the same tokens, in nats. */
export interface Divergence {
  readonly meanDivergence: number;
  readonly maximumDivergence: number;
  /** How often both hold the same token for the most probable. */
  readonly sameTopTokenRatio: number;
  readonly countedTokensCount: number;
}

/** The Kullback–Leibler divergence of two distributions, given as logarithms. */
function divergenceOf(found: Float32Array, reference: Float32Array): number {
  return reference.reduce((sum, logProbability, token) => {
    const probability = Math.exp(logProbability);
    return probability === 0 ? sum : sum + probability * (logProbability - (found[token] ?? -Infinity));
  }, 0);
}

async function* pairUp<Item>(first: AsyncGenerator<Item>, second: AsyncGenerator<Item>) {
  try {
    for (;;) {
      const [a, b] = await Promise.all([first.next(), second.next()]);
      if (a.done === true || b.done === true) return;
      yield [a.value, b.value] as const;
    }
  } finally {
    await Promise.all([first.return(undefined), second.return(undefined)]);
  }
}

/**
 * How far `engine` is from `reference` on a text: the mean over the tokens that `perplexity` counts of the
 * Kullback–Leibler divergence, as llama-perplexity states it for a quantized model and its original. Both compute at the
 * same time, and only one position of each is in memory.
 * @throws {EngineError} `invalid-request` when the two have different vocabularies
 * @see https://en.wikipedia.org/wiki/Kullback–Leibler_divergence
 */
export async function compareDistributions(
  engine: EngineScoring,
  reference: EngineScoring,
  work: ScoringOptions & { readonly text: string | readonly number[] },
): Promise<Divergence> {
  const divergences: number[] = [];
  let sameTopCount = 0;
  const pairs = pairUp(engine.distributions(work.text, work), reference.distributions(work.text, work));
  for await (const [found, wanted] of pairs) {
    if (found.length !== wanted.length) {
      const message = `The models have ${found.length} and ${wanted.length} tokens. Compare models with the same vocabulary.`;
      throw new EngineError("invalid-request", message, { facts: { found: found.length, wanted: wanted.length } });
    }
    divergences.push(divergenceOf(found, wanted));
    if (topTokenOf(found) === topTokenOf(wanted)) sameTopCount++;
  }
  const count = divergences.length;
  return {
    meanDivergence: divergences.reduce((sum, value) => sum + value, 0) / count,
    maximumDivergence: divergences.reduce((most, value) => Math.max(most, value), 0),
    sameTopTokenRatio: sameTopCount / count,
    countedTokensCount: count,
  };
}
