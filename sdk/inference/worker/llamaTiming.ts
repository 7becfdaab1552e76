import type { TimedRequest } from "../protocol.ts";
import type { TokenTimeline } from "../timeline.ts";
import { feed, randomTokens, type Session } from "./llamaSession.ts";

/** Takes steps, one a token, until one says that there are no more; seconds of each since the start. */
function timeTokens(step: () => boolean): number[] {
  const startedAt = performance.now();
  const tokenSeconds: number[] = [];
  while (step()) tokenSeconds.push((performance.now() - startedAt) / 1000);
  return tokenSeconds;
}

function timeSteps(
  session: Session,
  request: TimedRequest,
  { kind, stepTokens }: { readonly kind: TokenTimeline["kind"]; readonly stepTokens: number },
): TokenTimeline {
  const { depthTokensCount, threads, maximumSeconds } = request;
  feed(session, randomTokens(session, depthTokensCount));
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

/** Times a prompt of random tokens as one step. */
export function timePrefill(session: Session, request: TimedRequest): TokenTimeline {
  return timeSteps(session, request, { kind: "prefill", stepTokens: request.tokensCount });
}

/** Times random tokens one after another. */
export function timeDecode(session: Session, request: TimedRequest): TokenTimeline {
  return timeSteps(session, request, { kind: "decode", stepTokens: 1 });
}
