import { EngineError } from "../errors.ts";
import type { EngineWords } from "../protocol.ts";
import { cacheTypes, type EngineSetting, flashAttentions } from "../setting.ts";
import type { Handle, LlamaLibrary, Params } from "./native.ts";
import { openVocabulary, type Vocabulary } from "./vocabulary.ts";

/** One loaded model with its context. */
export interface Session {
  readonly llama: LlamaLibrary;
  readonly model: Handle;
  readonly context: Handle;
  /** Tokens that one call may process. */
  readonly batchTokensCount: number;
  /** Tokens that one graph may compute. */
  readonly microBatchTokensCount: number;
  readonly contextTokensCount: number;
  /** Numbers in the vector of a token or text. */
  readonly embeddingSize: number;
  readonly vocabulary: Vocabulary;
  readonly hasFlashAttention: boolean | null;
  /** The model's own, which makes a prompt of messages. */
  readonly chatTemplate: string | null;
  /** What the engine says of the model. */
  readonly words: Pick<EngineWords, "model" | "tensorBytes" | "parametersCount">;
}

/** How the weights come into memory (llama_load_mode, llama_lazy_mode): mapped, or read whole before the first token. */
const loadParams = {
  mapped: { load_mode: 1 },
  read: { load_mode: 0, lazy_mode: 0 },
};

function loadModel(llama: LlamaLibrary, setting: EngineSetting): Handle {
  const model = llama.llama_model_load_from_file(setting.modelPath, {
    ...llama.llama_model_default_params(),
    ...(setting.useMmap ? loadParams.mapped : loadParams.read),
  });
  if (model !== null) return model;
  const message = `llama.cpp refused ${setting.modelPath}; its own words are on the worker's stderr. Check the file with \`numalab model inspect\`.`;
  throw new EngineError("model-load-failed", message, { facts: { modelPath: setting.modelPath } });
}

/** How the context of `setting` is made. */
export function contextParamsOf(llama: LlamaLibrary, setting: EngineSetting): Params {
  const { contextTokensCount, sequencesCount, threads, cache } = setting;
  return {
    ...llama.llama_context_default_params(),
    n_ctx: contextTokensCount * sequencesCount,
    n_seq_max: sequencesCount,
    kv_unified: setting.isCacheShared,
    n_batch: setting.batchTokensCount,
    n_ubatch: setting.microBatchTokensCount,
    n_threads: threads.threadsCount,
    n_threads_batch: threads.threadsCount,
    flash_attn_type: flashAttentions[setting.flashAttention],
    type_k: cacheTypes[cache.keyType],
    type_v: cacheTypes[cache.valueType],
  };
}

/** What the engine says when it decides about attention, in the order in which the last word counts. */
const flashAttentionWords = [
  [/enabling flash_attn|Flash Attention enabled/, true],
  [/flash_attn is not compatible|Flash Attention not supported/, false],
] as const;

function flashAttentionOf({ flashAttention }: EngineSetting, log: string): boolean | null {
  const told = flashAttentionWords.filter(([words]) => words.test(log)).at(-1)?.[1];
  return told ?? (flashAttention === "auto" ? null : flashAttention === "on");
}

function createContext(
  llama: LlamaLibrary,
  model: Handle,
  setting: EngineSetting,
): Pick<Session, "context" | "hasFlashAttention"> {
  const { contextTokensCount, sequencesCount, cache } = setting;
  let context: Handle = null;
  const log = llama.collectLog(() => {
    context = llama.llama_init_from_model(model, contextParamsOf(llama, setting));
  });
  if (context !== null) return { context, hasFlashAttention: flashAttentionOf(setting, log.join("")) };
  const message = `No context of ${sequencesCount} × ${contextTokensCount} tokens with ${cache.keyType} keys and ${cache.valueType} values could be made; llama.cpp's own words are on the worker's stderr. Ask for a smaller one or f16, or free memory.`;
  throw new EngineError("model-load-failed", message, { facts: { sequencesCount, contextTokensCount, cache } });
}

function wordsOf(llama: LlamaLibrary, model: Handle): Session["words"] {
  const text = Buffer.alloc(128);
  const length = llama.llama_model_desc(model, text, text.length);
  return {
    model: text.toString("utf8", 0, Math.min(length, text.length - 1)),
    tensorBytes: llama.llama_model_size(model),
    parametersCount: llama.llama_model_n_params(model),
  };
}

/**
 * Loads the model of `setting` and makes its context.
 * @throws {EngineError} `model-load-failed`
 */
export function openSession(llama: LlamaLibrary, setting: EngineSetting): Session {
  const model = loadModel(llama, setting);
  return {
    llama,
    model,
    ...createContext(llama, model, setting),
    batchTokensCount: setting.batchTokensCount,
    microBatchTokensCount: setting.microBatchTokensCount,
    contextTokensCount: setting.contextTokensCount,
    embeddingSize: llama.llama_model_n_embd_out(model),
    vocabulary: openVocabulary(llama, model),
    chatTemplate: llama.llama_model_chat_template(model, null),
    words: wordsOf(llama, model),
  };
}

/** Tokens drawn at random: their values do not change the work. */
export function randomTokens({ vocabulary }: Session, count: number): Int32Array {
  return Int32Array.from({ length: count }, () => Math.floor(Math.random() * vocabulary.tokensCount));
}

const abortedCode = 2;

/**
 * Nothing when llama_decode returned 0.
 * @throws {EngineError} `aborted`, `decode-failed`
 */
export function assertDecoded(code: number, tokensCount: number): void {
  if (code === 0) return;
  const facts = { code, tokensCount };
  if (code === abortedCode) throw new EngineError("aborted", "The computation was stopped. Ask again.", { facts });
  const message = `llama_decode returned ${code} for ${tokensCount} tokens. Ask for fewer tokens or a larger context.`;
  throw new EngineError("decode-failed", message, { facts });
}

function decodeBatch({ llama, context }: Session, tokens: Int32Array): void {
  assertDecoded(llama.llama_decode(context, llama.llama_batch_get_one(tokens, tokens.length)), tokens.length);
  llama.llama_synchronize(context);
}

/**
 * Computes `tokens` after those that the context already holds.
 * @throws {EngineError} `decode-failed`, `aborted`
 */
export function feed(session: Session, tokens: Int32Array): void {
  const { batchTokensCount } = session;
  for (let start = 0; start < tokens.length; start += batchTokensCount) {
    decodeBatch(session, tokens.slice(start, start + batchTokensCount));
  }
}
