import { EngineError } from "../errors.ts";
import type { CallLine, Generation, TextRequest } from "../protocol.ts";
import { feed, type Session } from "./llamaSession.ts";
import type { Handle } from "./native.ts";
import { createSampler } from "./sampler.ts";
import { createTextStream } from "./textStream.ts";

/** When each token was chosen, in seconds since the start, and how long the choice took. */
interface Times {
  readonly startedAt: number;
  /** Whether a computation was stopped. */
  isStopped: boolean;
  readonly tokenSeconds: number[];
  readonly samplerSeconds: number[];
}

/** Whether tokens were computed and not stopped before their end. */
function isFed(session: Session, tokens: Int32Array, times: Times): boolean {
  try {
    feed(session, tokens);
  } catch (cause) {
    if (!(cause instanceof EngineError) || cause.code !== "aborted") throw cause;
    times.isStopped = true;
  }
  return !times.isStopped;
}

/** Chooses token after token until the end token; each is computed only when the next is asked for. */
function* chooseTokens(
  session: Session,
  { prompt, sampler, times }: { readonly prompt: Int32Array; readonly sampler: Handle; readonly times: Times },
): Generator<number> {
  const { llama, context, vocabulary } = session;
  let tokens = prompt;
  while (isFed(session, tokens, times)) {
    const askedAt = performance.now();
    const token = llama.llama_sampler_sample(sampler, context, -1);
    const chosenAt = performance.now();
    if (vocabulary.isEnd(token)) return;
    times.samplerSeconds.push((chosenAt - askedAt) / 1000);
    times.tokenSeconds.push((chosenAt - times.startedAt) / 1000);
    yield token;
    tokens = Int32Array.of(token);
  }
}

function tokenizePrompt({ vocabulary, contextTokensCount }: Session, request: TextRequest): Int32Array {
  const prompt = vocabulary.tokenize(request.prompt, { special: true });
  const total = prompt.length + request.maximumTokensCount;
  if (prompt.length > 0 && total <= contextTokensCount) return prompt;
  if (prompt.length === 0) throw new EngineError("invalid-request", "The prompt has no token. Pass a longer one.");
  const message = `The prompt has ${prompt.length} tokens and ${request.maximumTokensCount} are to follow; the context holds ${contextTokensCount}. Start the engine with contextTokensCount ${total} or more.`;
  throw new EngineError("context-too-small", message, { facts: { total, contextTokensCount } });
}

/** Joins the chosen tokens to text until something ends it, telling each piece when that was asked for. */
async function writeText(
  chosen: Iterable<number>,
  { vocabulary }: Session,
  { request, line, times }: { readonly request: TextRequest; readonly line: CallLine; readonly times: Times },
): Promise<Pick<Generation, "text" | "tokens" | "stopReason">> {
  const stream = createTextStream(request.stopTexts);
  const tokens: number[] = [];
  const pieces: string[] = [];
  const add = (piece: string): void => {
    pieces.push(piece);
    if (request.isStreamed && piece !== "") line.tell(piece);
  };
  const stopReason = (): Generation["stopReason"] => {
    if (stream.isStopped) return "stop-text";
    if (line.signal.aborted || times.isStopped) return "cancelled";
    return tokens.length === request.maximumTokensCount ? "maximum-tokens" : "end-token";
  };
  for (const token of chosen) {
    tokens.push(token);
    add(stream.push(vocabulary.pieceOf(token)));
    if (request.isStreamed) await line.listen();
    if (stopReason() !== "end-token") break;
  }
  add(stream.end());
  return { text: pieces.join(""), tokens, stopReason: stopReason() };
}

/** Writes text after a prompt; the samplers are the engine's own and their time is part of each token's. */
export async function generateText(session: Session, request: TextRequest, line: CallLine): Promise<Generation> {
  const prompt = tokenizePrompt(session, request);
  const sampler = createSampler(session.llama, request.sampling);
  const times = { startedAt: performance.now(), isStopped: false, tokenSeconds: [], samplerSeconds: [] };
  try {
    // A cancellation that came with the request is heard before the prompt is read.
    if (request.isStreamed) await line.listen();
    const chosen = line.signal.aborted ? [] : chooseTokens(session, { prompt, sampler, times });
    const written = await writeText(chosen, session, { request, line, times });
    return {
      ...written,
      promptTokensCount: prompt.length,
      timeline: {
        kind: "decode",
        threadsCount: request.threads.threadsCount,
        depthTokensCount: prompt.length,
        tokensCount: written.tokens.length,
        tokenSeconds: times.tokenSeconds,
        samplerSeconds: times.samplerSeconds,
      },
    };
  } finally {
    session.llama.llama_sampler_free(sampler);
  }
}
