import type { ReplyRequest, TimedRequest } from "../protocol.ts";
import type { TokenTimeline } from "../timeline.ts";
import { feed, randomTokens, type Session } from "./llamaSession.ts";

/** Takes steps until one says that there are no more; seconds of each since the start. */
function timeSteps(step: () => boolean): number[] {
  const startedAt = performance.now();
  const stepSeconds: number[] = [];
  while (step()) stepSeconds.push((performance.now() - startedAt) / 1000);
  return stepSeconds;
}

/** Times random tokens, so many at once in each step. */
function timeTokens(
  session: Session,
  request: TimedRequest,
  { kind, lengths }: { readonly kind: TokenTimeline["kind"]; readonly lengths: readonly number[] },
): TokenTimeline {
  const { depthTokensCount, threads, maximumSeconds } = request;
  feed(session, randomTokens(session, depthTokensCount));
  const steps = lengths.map((length) => randomTokens(session, length)).reverse();
  const deadline = performance.now() + maximumSeconds * 1000;
  const tokenSeconds = timeSteps(() => {
    const tokens = performance.now() < deadline ? steps.pop() : undefined;
    if (tokens === undefined) return false;
    feed(session, tokens);
    return true;
  });
  const tokensCount = lengths.slice(0, tokenSeconds.length).reduce((sum, length) => sum + length, 0);
  return { kind, threadsCount: threads.threadsCount, depthTokensCount, tokensCount, tokenSeconds };
}

const singly = (count: number): number[] => new Array<number>(count).fill(1);

/** Times a prompt of random tokens as one step. */
export function timePrefill(session: Session, request: TimedRequest): TokenTimeline {
  return timeTokens(session, request, { kind: "prefill", lengths: [request.tokensCount] });
}

/** Times random tokens one after another. */
export function timeDecode(session: Session, request: TimedRequest): TokenTimeline {
  return timeTokens(session, request, { kind: "decode", lengths: singly(request.tokensCount) });
}

/** Times a prompt of random tokens as one step, then random tokens one after another. */
export function timeReply(session: Session, request: ReplyRequest): TokenTimeline {
  const lengths = [request.promptTokensCount, ...singly(request.tokensCount)];
  return timeTokens(session, request, { kind: "reply", lengths });
}
