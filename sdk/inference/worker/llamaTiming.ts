import type { Generation, TextRequest, TimedRequest } from "../protocol.ts";
import type { TokenTimeline } from "../timeline.ts";
import { feed, randomTokens, type Session } from "./llamaSession.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Takes steps, one a token, until one says that there are no more; seconds of each since the start. */
function timeTokens(step: () => boolean, startedAt = performance.now()): number[] {
  const tokenSeconds: number[] = [];
  while (step()) tokenSeconds.push((performance.now() - startedAt) / 1000);
  return tokenSeconds;
}

/** Times a request of random tokens: a prefill as one step, a decode as one step a token. */
export function timeRequest(session: Session, kind: TokenTimeline["kind"], request: TimedRequest): TokenTimeline {
  const { depthTokensCount, threads, maximumSeconds } = request;
  feed(session, randomTokens(session, depthTokensCount));
  const stepTokens = kind === "prefill" ? request.tokensCount : 1;
  const steps = Array.from({ length: request.tokensCount / stepTokens }, () => randomTokens(session, stepTokens));
  const deadline = performance.now() + maximumSeconds * 1000;
  const tokenSeconds = timeTokens(() => {
    const tokens = performance.now() < deadline ? steps.pop() : undefined;
    if (tokens === undefined) return false;
    feed(session, tokens);
    return true;
  });
  const tokensCount = tokenSeconds.length * stepTokens;
  return { kind, threadsCount: threads.threadsCount, depthTokensCount, tokensCount, tokenSeconds };
}

/** Generates text greedily; the sampler is the engine's own and its time is part of each token's. */
export function generateText(session: Session, vocabulary: Vocabulary, request: TextRequest): Generation {
  const { maximumTokensCount, threads } = request;
  const prompt = vocabulary.tokenize(request.prompt);
  const startedAt = performance.now();
  feed(session, Int32Array.from(prompt));
  const sampler = session.llama.llama_sampler_init_greedy();
  const tokens: number[] = [];
  const step = (): boolean => {
    if (tokens.length >= maximumTokensCount) return false;
    const token = session.llama.llama_sampler_sample(sampler, session.context, -1);
    if (session.isEndToken(token)) return false;
    tokens.push(token);
    feed(session, Int32Array.of(token));
    return true;
  };
  const tokenSeconds = timeTokens(step, startedAt);
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
