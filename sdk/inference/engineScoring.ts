import type { Channel } from "./channel.ts";
import { EngineError } from "./errors.ts";
import type { ScoringRequest, WorkerCalls } from "./protocol.ts";
import { assertCount, assertHolds, assertThreads } from "./request.ts";
import type { EngineSetting, ThreadPlacement } from "./setting.ts";

/** How a text is scored; everything may be left out. */
export interface ScoringOptions {
  /** Default 512, or what the context holds when that is less. */
  readonly chunkTokensCount?: number;
  readonly threads?: ThreadPlacement;
}

/** How little a text surprises a model, and over how many tokens that was counted. */
export interface Perplexity {
  readonly perplexity: number;
  readonly standardError: number;
  readonly chunksCount: number;
  readonly countedTokensCount: number;
}

/** Given tokens, judged by a model. */
export interface EngineScoring {
  /** The natural logarithm of the probability of each token but the first, after those before it. */
  logProbabilities(tokens: readonly number[], options?: Pick<ScoringOptions, "threads">): Promise<readonly number[]>;
  /**
   * The perplexity of a text or its tokens, counted as llama-perplexity does: in chunks that do not know each other, each
   * begun with the token that the model begins every text with, and only the second half of each counted, so that every
   * counted token has at least half a chunk before it. A remainder shorter than a chunk is left out.
   * @see https://github.com/ggml-org/llama.cpp/blob/master/tools/perplexity/README.md
   */
  perplexity(text: string | readonly number[], options?: ScoringOptions): Promise<Perplexity>;
  /** The natural logarithms of all tokens' probabilities in the place of each token that `perplexity` counts. */
  distributions(text: string | readonly number[], options?: ScoringOptions): AsyncGenerator<Float32Array>;
}

/** The whole chunks of `tokens`, as requests for the second half of each. */
export function chunksOf(
  tokens: readonly number[],
  chunkTokensCount: number,
  beginToken: number | undefined,
): Pick<ScoringRequest, "tokens" | "firstIndex">[] {
  return Array.from({ length: Math.floor(tokens.length / chunkTokensCount) }, (_, index) => {
    const chunk = tokens.slice(index * chunkTokensCount, (index + 1) * chunkTokensCount);
    const begun = beginToken === undefined ? chunk : [beginToken, ...chunk.slice(1)];
    return { tokens: begun, firstIndex: Math.floor(chunkTokensCount / 2) + 1 };
  });
}

/** The perplexity that these logarithms of probabilities make, with its standard error. */
export function perplexityOf(
  logProbabilities: readonly number[],
): Pick<Perplexity, "perplexity" | "standardError" | "countedTokensCount"> {
  const count = logProbabilities.length;
  const mean = logProbabilities.reduce((sum, value) => sum + value, 0) / count;
  const variance = logProbabilities.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const perplexity = Math.exp(-mean);
  return {
    perplexity,
    standardError: perplexity * Math.sqrt(variance / (count - 1)),
    countedTokensCount: count,
  };
}

/** A chunk whose second half has a token to count and one before it. */
const shortestChunkTokensCount = 4;

/** The scores of the engine at the other end of `channel`. */
export function scoringOf(channel: Channel<WorkerCalls>, setting: EngineSetting): EngineScoring {
  async function planChunks(text: string | readonly number[], options: ScoringOptions): Promise<ScoringRequest[]> {
    const { chunkTokensCount = Math.min(512, setting.contextTokensCount), threads = setting.threads } = options;
    assertCount("chunkTokensCount", chunkTokensCount, shortestChunkTokensCount);
    assertHolds(setting, chunkTokensCount);
    assertThreads(threads, setting);
    const tokens = typeof text === "string" ? await channel.ask("tokenize", { text }) : text;
    const [beginToken] = await channel.ask("tokenize", { text: "" });
    const chunks = chunksOf(tokens, chunkTokensCount, beginToken);
    if (chunks.length > 0) return chunks.map((chunk) => ({ ...chunk, threads }));
    const message = `The text has ${tokens.length} tokens and a chunk ${chunkTokensCount}. Score a longer text, or in shorter chunks.`;
    throw new EngineError("invalid-request", message, { facts: { tokensCount: tokens.length, chunkTokensCount } });
  }

  return {
    async logProbabilities(tokens, { threads = setting.threads } = {}) {
      assertCount("the length of tokens", tokens.length, 2);
      assertHolds(setting, tokens.length);
      assertThreads(threads, setting);
      return channel.ask("logProbabilities", { tokens, firstIndex: 1, threads });
    },
    async perplexity(text, options = {}) {
      const chunks = await planChunks(text, options);
      const counted: number[] = [];
      for (const chunk of chunks) counted.push(...(await channel.ask("logProbabilities", chunk)));
      return { ...perplexityOf(counted), chunksCount: chunks.length };
    },
    async *distributions(text, options = {}) {
      for (const chunk of await planChunks(text, options)) {
        for await (const part of channel.stream<"distributions", string>("distributions", chunk)) {
          const bytes = Buffer.from(part, "base64");
          yield new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / Float32Array.BYTES_PER_ELEMENT);
        }
      }
    },
  };
}
