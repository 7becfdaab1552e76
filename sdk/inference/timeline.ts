import { rateOf } from "../stats/index.ts";

/**
 * When each token of one request was there, in seconds since the request's start: for a prefill one entry, the time
 * to the first token; for a decode one entry a token; for a reply that of the prompt, then one a token.
 */
export interface TokenTimeline {
  readonly kind: "prefill" | "decode" | "reply";
  readonly threadsCount: number;
  /** Tokens in the cache when the timing began. */
  readonly depthTokensCount: number;
  /** Tokens processed: the prompt's length, the number of tokens decoded, or both. */
  readonly tokensCount: number;
  readonly tokenSeconds: readonly number[];
}

/** Tokens a second over the whole request: tokens over the time of the last one. */
export function tokensPerSecondOf(timeline: Pick<TokenTimeline, "tokensCount" | "tokenSeconds">): number | null {
  return rateOf(timeline.tokensCount, timeline.tokenSeconds.at(-1));
}

/** When each step of several sequences was done, in seconds since the first step began; every step adds a token to each. */
export interface BatchTimeline {
  readonly threadsCount: number;
  readonly sequencesCount: number;
  /** Tokens in the cache of each sequence when the timing began. */
  readonly promptTokensCount: number;
  /** Whether the prompt was computed once for all sequences. */
  readonly isPromptShared: boolean;
  readonly promptSeconds: number;
  /** Tokens decoded in all sequences together. */
  readonly tokensCount: number;
  readonly tokenSeconds: readonly number[];
}

/** The seconds from each token, or step of a batch, to the next; the first counts from the start. */
export function interTokenSecondsOf({ tokenSeconds }: Pick<TokenTimeline, "tokenSeconds">): number[] {
  return tokenSeconds.map((seconds, index) => seconds - (tokenSeconds[index - 1] ?? 0));
}
