import { basename } from "node:path";
import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import { EngineError } from "../errors.ts";
import type { Driver, EmbeddingRequest, Generation, TextRequest, TimedRequest } from "../protocol.ts";
import { planSampling, type Sampling } from "../sampling.ts";
import type { EngineSetting, ThreadPlacement } from "../setting.ts";
import type { TokenTimeline } from "../timeline.ts";
import { findComputeLibrary } from "./computeLibrary.ts";
import { assertFixedChoices } from "./fixedChoices.ts";

/** Keeps one context sequence, made anew when the number of threads changes. */
function createSequences(
  model: LlamaModel,
  contextTokensCount: number,
): (threads: ThreadPlacement) => Promise<LlamaContextSequence> {
  let current: { readonly threadsCount: number; readonly sequence: LlamaContextSequence } | null = null;
  return async ({ threadsCount }) => {
    if (current?.threadsCount !== threadsCount) {
      await current?.sequence.context.dispose();
      const context = await model.createContext({
        contextSize: contextTokensCount,
        sequences: 1,
        threads: { ideal: threadsCount, min: threadsCount },
      });
      current = { threadsCount, sequence: context.getSequence() };
    }
    await current.sequence.clearHistory();
    return current.sequence;
  };
}

function randomTokens(model: LlamaModel, count: number): Token[] {
  const vocabularyCount = model.fileInfo.metadata.tokenizer.ggml.tokens.length;
  return Array.from({ length: count }, () => Math.floor(Math.random() * vocabularyCount) as Token);
}

/** Evaluates `tokens`, then goes on until `count` tokens were generated; seconds of each since the start. */
async function timeEvaluation(
  sequence: LlamaContextSequence,
  tokens: Token[],
  limit: { readonly count: number; readonly maximumSeconds: number; readonly sampling: Sampling },
): Promise<{ generated: Token[]; tokenSeconds: number[] }> {
  const { randomSeed, ...sampling } = limit.sampling;
  const generated: Token[] = [];
  const tokenSeconds: number[] = [];
  const startedAt = performance.now();
  for await (const token of sequence.evaluate(tokens, { ...sampling, seed: randomSeed, yieldEogToken: true })) {
    tokenSeconds.push((performance.now() - startedAt) / 1000);
    generated.push(token);
    if (generated.length >= limit.count || (tokenSeconds.at(-1) ?? 0) >= limit.maximumSeconds) break;
  }
  return { generated, tokenSeconds };
}

type SequenceFor = ReturnType<typeof createSequences>;

/** Times a request of random tokens; a prefill ends with the first sampled token. */
async function timeRequest(
  model: LlamaModel,
  sequence: LlamaContextSequence,
  request: TimedRequest & { readonly kind: "prefill" | "decode" },
): Promise<TokenTimeline> {
  const { kind, tokensCount, depthTokensCount, threads, maximumSeconds } = request;
  if (depthTokensCount > 0) await sequence.evaluateWithoutGeneratingNewTokens(randomTokens(model, depthTokensCount));
  const [given, wanted] = kind === "prefill" ? [tokensCount, 1] : [1, tokensCount];
  const limit = { count: wanted, maximumSeconds, sampling: planSampling() };
  const { tokenSeconds } = await timeEvaluation(sequence, randomTokens(model, given), limit);
  const doneTokensCount = kind === "prefill" ? tokensCount : tokenSeconds.length;
  return { kind, threadsCount: threads.threadsCount, depthTokensCount, tokensCount: doneTokensCount, tokenSeconds };
}

function tokenize(model: LlamaModel, text: string, options: { readonly special: boolean }): Token[] {
  const { bos, shouldPrependBosToken } = model.tokens;
  return [...(shouldPrependBosToken && bos !== null ? [bos] : []), ...model.tokenize(text, options.special)];
}

async function generateText(model: LlamaModel, sequenceFor: SequenceFor, request: TextRequest): Promise<Generation> {
  const { prompt, maximumTokensCount, threads, sampling } = request;
  if (request.isStreamed || request.stopTexts.length > 0) {
    const message = "The driver llama-api writes no text piece by piece and knows no stop texts. Use the driver llama.";
    throw new EngineError("not-supported", message);
  }
  const tokens = tokenize(model, prompt, { special: true });
  const limit = { count: maximumTokensCount, maximumSeconds: Infinity, sampling };
  const { generated, tokenSeconds } = await timeEvaluation(await sequenceFor(threads), tokens, limit);
  const end = generated.findIndex((token) => model.isEogToken(token));
  const kept = end < 0 ? generated : generated.slice(0, end);
  return {
    text: model.detokenize(kept, true),
    tokens: kept,
    promptTokensCount: tokens.length,
    stopReason: end < 0 ? "maximum-tokens" : "end-token",
    timeline: {
      kind: "decode",
      threadsCount: threads.threadsCount,
      depthTokensCount: tokens.length,
      tokensCount: kept.length,
      tokenSeconds: tokenSeconds.slice(0, kept.length),
      samplerSeconds: null,
    },
  };
}

async function embedTexts(model: LlamaModel, setting: EngineSetting, request: EmbeddingRequest): Promise<number[][]> {
  const { threadsCount } = request.threads;
  await using context = await model.createEmbeddingContext({
    contextSize: setting.contextTokensCount,
    threads: threadsCount,
  });
  const vectors: number[][] = [];
  for (const text of request.texts) vectors.push([...(await context.getEmbeddingFor(text)).vector]);
  return vectors;
}

/** The driver that uses node-llama-cpp's public calls only: the fallback, and the figure to compare ours with. */
export async function openApiDriver(setting: EngineSetting): Promise<Driver> {
  assertFixedChoices(setting, "llama-api");
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.warn });
  const model = await llama.loadModel({ modelPath: setting.modelPath, useMmap: setting.useMmap });
  const sequenceFor = createSequences(model, setting.contextTokensCount);
  const computeLibrary = findComputeLibrary();
  const timed = async (request: Parameters<typeof timeRequest>[2]): Promise<TokenTimeline> =>
    timeRequest(model, await sequenceFor(request.threads), request);
  return {
    facts: {
      driver: "llama-api",
      computeLibrary: computeLibrary === null ? null : basename(computeLibrary),
      instructionSets: null,
      hasFlashAttention: null,
      engineWords: null,
    },
    checkOutput: () => ({ outputDigest: null, warnings: [] }),
    calls: {
      prefill: (request) => timed({ ...request, kind: "prefill" }),
      decode: (request) => timed({ ...request, kind: "decode" }),
      generate: (request) => generateText(model, sequenceFor, request),
      embed: (request) => embedTexts(model, setting, request),
      tokenize: ({ text }) => tokenize(model, text, { special: false }),
    },
  };
}
