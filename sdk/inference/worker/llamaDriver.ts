import { basename } from "node:path";
import { EngineError } from "../errors.ts";
import type { Driver, EngineSetting, TextRequest, ThreadPlacement, TimedRequest } from "../protocol.ts";
import type { TokenTimeline } from "../timeline.ts";
import { findComputeLibrary } from "./computeLibrary.ts";
import { assertKnownLibrary, assertStructs } from "./guards.ts";
import { type Handle, type LlamaLibrary, openLlama, openPool } from "./native.ts";
import { createThreadPool } from "./threadPool.ts";
import { openVocabulary } from "./vocabulary.ts";

/** Tokens that one call may process at once, as in llama-bench. */
const batchTokensCount = 2048;

interface Session {
  readonly llama: LlamaLibrary;
  readonly context: Handle;
  readonly vocabularyCount: number;
  readonly isEndToken: (token: number) => boolean;
}

function openSession(llama: LlamaLibrary, setting: EngineSetting): Session {
  llama.ggml_backend_load_all_from_path(setting.librariesFolder);
  const model = llama.llama_model_load_from_file(setting.modelPath, llama.llama_model_default_params());
  if (model === null) {
    throw new EngineError("model-load-failed", `llama.cpp refused ${setting.modelPath}; its own words are on the worker's stderr. Check the file with \`numalab model inspect\`.`);
  }
  const context = llama.llama_init_from_model(model, {
    ...llama.llama_context_default_params(),
    n_ctx: setting.contextTokensCount,
    n_batch: batchTokensCount,
    n_threads: setting.threads.threadsCount,
    n_threads_batch: setting.threads.threadsCount,
  });
  if (context === null) {
    throw new EngineError("model-load-failed", `No context of ${setting.contextTokensCount} tokens could be made. Ask for a smaller one, or free memory.`);
  }
  const vocabulary = llama.llama_model_get_vocab(model);
  return {
    llama,
    context,
    vocabularyCount: llama.llama_vocab_n_tokens(vocabulary),
    isEndToken: (token) => llama.llama_vocab_is_eog(vocabulary, token),
  };
}

function decodeOnce({ llama, context }: Session, tokens: Int32Array): void {
  const code = llama.llama_decode(context, llama.llama_batch_get_one(tokens, tokens.length));
  if (code !== 0) throw new EngineError("decode-failed", `llama_decode returned ${code} for ${tokens.length} tokens. Ask for fewer tokens or a larger context.`);
  llama.llama_synchronize(context);
}

function randomTokens(session: Session, count: number): Int32Array {
  return Int32Array.from({ length: count }, () => Math.floor(Math.random() * session.vocabularyCount));
}

function feed(session: Session, tokens: Int32Array): void {
  for (let start = 0; start < tokens.length; start += batchTokensCount) {
    decodeOnce(session, tokens.slice(start, start + batchTokensCount));
  }
}

/** Runs `step` once a token and notes when each was there. */
function timeTokens(count: number, step: () => boolean): number[] {
  const tokenSeconds: number[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < count; index++) {
    const continues = step();
    tokenSeconds.push((performance.now() - startedAt) / 1000);
    if (!continues) break;
  }
  return tokenSeconds;
}

function timedDecode(session: Session, request: TimedRequest): TokenTimeline {
  const { tokensCount, depthTokensCount, threads } = request;
  if (depthTokensCount > 0) feed(session, randomTokens(session, depthTokensCount));
  const tokens = Array.from({ length: tokensCount }, () => randomTokens(session, 1));
  const tokenSeconds = timeTokens(tokensCount, () => {
    decodeOnce(session, tokens.pop() ?? randomTokens(session, 1));
    return true;
  });
  return { kind: "decode", threadsCount: threads.threadsCount, depthTokensCount, tokensCount, tokenSeconds };
}

function timedPrefill(session: Session, request: TimedRequest): TokenTimeline {
  const { tokensCount, depthTokensCount, threads } = request;
  if (depthTokensCount > 0) feed(session, randomTokens(session, depthTokensCount));
  const tokens = randomTokens(session, tokensCount);
  const tokenSeconds = timeTokens(1, () => {
    feed(session, tokens);
    return true;
  });
  return { kind: "prefill", threadsCount: threads.threadsCount, depthTokensCount, tokensCount, tokenSeconds };
}

function sampleGreedily(session: Session, count: number): { readonly tokens: number[]; readonly tokenSeconds: number[] } {
  const sampler = session.llama.llama_sampler_init_greedy();
  const tokens: number[] = [];
  const tokenSeconds = timeTokens(count, () => {
    const token = session.llama.llama_sampler_sample(sampler, session.context, -1);
    if (session.isEndToken(token)) return false;
    tokens.push(token);
    decodeOnce(session, Int32Array.of(token));
    return true;
  });
  session.llama.llama_sampler_free(sampler);
  return { tokens, tokenSeconds: tokenSeconds.slice(0, tokens.length) };
}

/**
 * The driver that calls libllama directly, synchronously and with one persistent thread pool: the engine's own speed.
 * @throws {EngineError} `library-mismatch` when a guard fails, `model-load-failed`
 */
export function openLlamaDriver(setting: EngineSetting): Driver {
  assertKnownLibrary(setting.librariesFolder);
  const llama = openLlama(setting.librariesFolder);
  assertStructs(llama);
  const session = openSession(llama, setting);
  const computeLibrary = findComputeLibrary();
  if (computeLibrary === null) throw new EngineError("engine-missing", "The engine loaded no compute library for this CPU. Install node-llama-cpp again.");
  const pool = createThreadPool(openPool(computeLibrary), () => { llama.llama_detach_threadpool(session.context); });

  const prepare = (threads: ThreadPlacement): void => {
    const handle = pool.use(threads);
    llama.llama_attach_threadpool(session.context, handle, handle);
    llama.llama_set_n_threads(session.context, threads.threadsCount, threads.threadsCount);
    llama.llama_memory_clear(llama.llama_get_memory(session.context), false);
  };

  return {
    facts: { driver: "llama", computeLibrary: basename(computeLibrary) },
    prefill(request) {
      prepare(request.threads);
      return timedPrefill(session, request);
    },
    decode(request) {
      prepare(request.threads);
      return timedDecode(session, request);
    },
    async generate(request: TextRequest) {
      const vocabulary = await openVocabulary(setting.modelPath);
      const prompt = vocabulary.tokenize(request.prompt);
      prepare(request.threads);
      feed(session, Int32Array.from(prompt));
      const { tokens, tokenSeconds } = sampleGreedily(session, request.maximumTokensCount);
      return {
        text: vocabulary.detokenize(tokens),
        promptTokensCount: prompt.length,
        stopReason: tokens.length < request.maximumTokensCount ? "end-token" : "maximum-tokens",
        timeline: { kind: "decode", threadsCount: request.threads.threadsCount, depthTokensCount: prompt.length, tokensCount: tokens.length, tokenSeconds },
      };
    },
  };
}
