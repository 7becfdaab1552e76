import type { Generation, TextRequest, TimedRequest } from "../protocol.ts";
import type { TokenTimeline } from "../timeline.ts";
import { feed, randomTokens, type Session } from "./llamaSession.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Takes up to `count` steps, one a token, until one says that it was the last; seconds of each since the start. */
function timeTokens(count: number, step: () => boolean): number[] {
  const tokenSeconds: number[] = [];
  const startedAt = performance.now();
  while (tokenSeconds.length < count && step()) tokenSeconds.push((performance.now() - startedAt) / 1000);
  return tokenSeconds;
}

/** Times a request of random tokens: a prefill as one step, a decode as one step a token. */
export function timeRequest(session: Session, kind: TokenTimeline["kind"], request: TimedRequest): TokenTimeline {
  const { tokensCount, depthTokensCount, threads } = request;
  feed(session, randomTokens(session, depthTokensCount));
  const stepTokens = kind === "prefill" ? tokensCount : 1;
  const steps = Array.from({ length: tokensCount / stepTokens }, () => randomTokens(session, stepTokens));
  const tokenSeconds = timeTokens(steps.length, () => {
    feed(session, steps.pop() ?? new Int32Array());
    return true;
  });
  return { kind, threadsCount: threads.threadsCount, depthTokensCount, tokensCount, tokenSeconds };
}

/** Generates text greedily; the sampler is the engine's own and its time is part of each token's. */
export function generateText(session: Session, vocabulary: Vocabulary, request: TextRequest): Generation {
  const { maximumTokensCount, threads } = request;
  const prompt = vocabulary.tokenize(request.prompt);
  feed(session, Int32Array.from(prompt));
  const sampler = session.llama.llama_sampler_init_greedy();
  const tokens: number[] = [];
  const tokenSeconds = timeTokens(maximumTokensCount, () => {
    const token = session.llama.llama_sampler_sample(sampler, session.context, -1);
    if (session.isEndToken(token)) return false;
    tokens.push(token);
    feed(session, Int32Array.of(token));
    return true;
  });
  session.llama.llama_sampler_free(sampler);
  return {
    text: vocabulary.detokenize(tokens),
    promptTokensCount: prompt.length,
    stopReason: tokens.length < maximumTokensCount ? "end-token" : "maximum-tokens",
    timeline: {
      kind: "decode",
      threadsCount: threads.threadsCount,
      depthTokensCount: prompt.length,
      tokensCount: tokens.length,
      tokenSeconds,
    },
  };
}
