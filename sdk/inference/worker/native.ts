import koffi from "koffi";
import { EngineError } from "../errors.ts";
import { findLibrary } from "../libraries.ts";
import { logCollectorOf } from "./engineLog.ts";
import { batch, contextParams, modelParams, poolParams } from "./structs.ts";

// Every native call of the package is in this file. They describe llama.cpp v0.4.0 (include/llama.h, ggml/include/ggml.h,
// commit 80fb11a); `guards.ts` refuses any other library before the first of them is used.

/** A pointer that only native code looks into. */
export type Handle = unknown;

/** The fields of a parameter struct by their C names. */
export type Params = Record<string, unknown>;

/** The calls into libllama and libggml that this package makes, by their C names. */
export interface LlamaLibrary {
  readonly modelParamsBytes: number;
  readonly contextParamsBytes: number;
  readonly batchBytes: number;
  llama_version(): string;
  /** What the engine logs meanwhile, line by line; only for calls that compute on no other thread. */
  collectLog(call: () => void): string[];
  llama_model_desc(model: Handle, text: Buffer, bytes: number): number;
  llama_model_size(model: Handle): number;
  llama_model_n_params(model: Handle): number;
  llama_model_default_params(): Params;
  llama_context_default_params(): Params;
  /** The same functions, as they return on x86-64: through a hidden pointer. */
  writeModelDefaults(target: Buffer): void;
  writeContextDefaults(target: Buffer): void;
  ggml_backend_load_all_from_path(folder: string): void;
  ggml_backend_load(path: string): Handle;
  llama_print_system_info(): string;
  llama_model_load_from_file(path: string, params: Params): Handle;
  llama_model_get_vocab(model: Handle): Handle;
  llama_vocab_n_tokens(vocabulary: Handle): number;
  llama_vocab_is_eog(vocabulary: Handle, token: number): boolean;
  llama_init_from_model(model: Handle, params: Params): Handle;
  llama_free(context: Handle): void;
  llama_get_memory(context: Handle): Handle;
  llama_memory_clear(memory: Handle, clearsData: boolean): void;
  llama_memory_seq_cp(...args: [memory: Handle, from: number, to: number, start: number, end: number]): void;
  llama_memory_seq_rm(...args: [memory: Handle, sequenceIndex: number, start: number, end: number]): boolean;
  llama_set_n_threads(context: Handle, threads: number, batchThreads: number): void;
  llama_attach_threadpool(context: Handle, pool: Handle, batchPool: Handle): void;
  llama_batch_get_one(tokens: Int32Array, count: number): Params;
  llama_decode(context: Handle, batch: Params): number;
  llama_batch_init(capacity: number, embeddingSize: number, sequencesPerToken: number): Params;
  /** The same function, as it returns on x86-64: through a hidden pointer. */
  writeBatch(target: Buffer, ...args: [capacity: number, embeddingSize: number, sequencesPerToken: number]): void;
  llama_batch_free(batch: Params): void;
  llama_get_logits_ith(context: Handle, outputIndex: number): Handle;
  llama_model_n_embd_out(model: Handle): number;
  llama_pooling_type(context: Handle): number;
  llama_set_embeddings(context: Handle, isOn: boolean): void;
  llama_get_embeddings_ith(context: Handle, outputIndex: number): Handle;
  llama_get_embeddings_seq(context: Handle, sequenceIndex: number): Handle;
  llama_synchronize(context: Handle): void;
  llama_set_abort_callback(context: Handle, isAborted: Handle, data: Handle): void;
  llama_model_chat_template(model: Handle, name: null): string | null;
  llama_chat_apply_template(
    ...args: [
      template: string,
      messages: readonly Params[],
      messagesCount: number,
      beginsAnswer: boolean,
      text: Buffer,
      bytes: number,
    ]
  ): number;
  llama_tokenize(
    ...args: [
      Handle,
      text: Buffer,
      textBytes: number,
      tokens: Int32Array,
      count: number,
      begins: boolean,
      special: boolean,
    ]
  ): number;
  llama_token_to_piece(
    ...args: [Handle, token: number, piece: Buffer, pieceBytes: number, skippedSpaces: number, special: boolean]
  ): number;
  llama_sampler_chain_default_params(): Params;
  llama_sampler_chain_init(params: Params): Handle;
  llama_sampler_chain_add(chain: Handle, sampler: Handle): void;
  llama_sampler_init_greedy(): Handle;
  llama_sampler_init_dist(seed: number): Handle;
  llama_sampler_init_top_k(count: number): Handle;
  llama_sampler_init_top_p(share: number, keptCount: number): Handle;
  llama_sampler_init_min_p(share: number, keptCount: number): Handle;
  llama_sampler_init_temp(temperature: number): Handle;
  llama_sampler_sample(sampler: Handle, context: Handle, outputIndex: number): number;
  llama_sampler_free(sampler: Handle): void;
}

const prototypes = [
  "const char *llama_version()",
  "const char *llama_print_system_info()",
  "int32_t llama_model_desc(void *model, void *buf, size_t bytes)",
  "uint64_t llama_model_size(void *model)",
  "uint64_t llama_model_n_params(void *model)",
  "llama_model_params llama_model_default_params()",
  "llama_context_params llama_context_default_params()",
  "void *llama_model_load_from_file(const char *path, llama_model_params params)",
  "void *llama_model_get_vocab(void *model)",
  "int32_t llama_vocab_n_tokens(void *vocab)",
  "bool llama_vocab_is_eog(void *vocab, int32_t token)",
  "void *llama_init_from_model(void *model, llama_context_params params)",
  "void llama_free(void *ctx)",
  "void *llama_get_memory(void *ctx)",
  "void llama_memory_clear(void *mem, bool data)",
  "void llama_memory_seq_cp(void *mem, int32_t from, int32_t to, int32_t p0, int32_t p1)",
  "bool llama_memory_seq_rm(void *mem, int32_t seq, int32_t p0, int32_t p1)",
  "void llama_set_n_threads(void *ctx, int32_t n, int32_t n_batch)",
  "void llama_attach_threadpool(void *ctx, void *pool, void *pool_batch)",
  "llama_batch llama_batch_get_one(int32_t *tokens, int32_t n)",
  "int32_t llama_decode(void *ctx, llama_batch batch)",
  "llama_batch llama_batch_init(int32_t n, int32_t embd, int32_t n_seq)",
  "void llama_batch_free(llama_batch batch)",
  "void *llama_get_logits_ith(void *ctx, int32_t i)",
  "int32_t llama_model_n_embd_out(void *model)",
  "int llama_pooling_type(void *ctx)",
  "void llama_set_embeddings(void *ctx, bool embeddings)",
  "void *llama_get_embeddings_ith(void *ctx, int32_t i)",
  "void *llama_get_embeddings_seq(void *ctx, int32_t seq_id)",
  "void llama_synchronize(void *ctx)",
  "void llama_set_abort_callback(void *ctx, void *callback, void *data)",
  "const char *llama_model_chat_template(void *model, const char *name)",
  "int32_t llama_chat_apply_template(const char *tmpl, llama_chat_message *chat, size_t n, bool ass, void *buf, int32_t bytes)",
  "int32_t llama_tokenize(void *vocab, void *text, int32_t bytes, void *tokens, int32_t n, bool begins, bool special)",
  "int32_t llama_token_to_piece(void *vocab, int32_t token, void *buf, int32_t bytes, int32_t lstrip, bool special)",
  "llama_sampler_chain_params llama_sampler_chain_default_params()",
  "void *llama_sampler_chain_init(llama_sampler_chain_params params)",
  "void llama_sampler_chain_add(void *chain, void *sampler)",
  "void *llama_sampler_init_greedy()",
  "void *llama_sampler_init_dist(uint32_t seed)",
  "void *llama_sampler_init_top_k(int32_t k)",
  "void *llama_sampler_init_top_p(float p, size_t min_keep)",
  "void *llama_sampler_init_min_p(float p, size_t min_keep)",
  "void *llama_sampler_init_temp(float t)",
  "int32_t llama_sampler_sample(void *sampler, void *ctx, int32_t idx)",
  "void llama_sampler_free(void *sampler)",
];

function openLibrary(folder: string, pattern: RegExp): ReturnType<typeof koffi.load> {
  const path = findLibrary(folder, pattern);
  if (path !== null) return koffi.load(path);
  throw new EngineError(
    "engine-missing",
    `${folder} holds no library like ${pattern.source}. Install node-llama-cpp again.`,
  );
}

/** The commit and number that the engine of `folder` says it was built from. */
export function readBuild(folder: string): { readonly buildCommit: string; readonly buildNumber: number } {
  const common = openLibrary(folder, /^libllama-common\.so$/);
  return {
    buildCommit: (common.func("const char *_Z12llama_commitv()") as () => string)(),
    buildNumber: (common.func("int _Z18llama_build_numberv()") as () => number)(),
  };
}

/** Opens libllama and libggml of `folder`. */
export function openLlama(folder: string): LlamaLibrary {
  const ggml = openLibrary(folder, /^libggml\.v[\d.]+\.so$/);
  const llama = openLibrary(folder, /^libllama\.v[\d.]+\.so$/);
  const calls = prototypes.map((prototype) => {
    const name = /(\w+)\(/.exec(prototype)?.[1] ?? "";
    return [name, llama.func(prototype) as unknown] as const;
  });
  return {
    ...Object.fromEntries(calls),
    collectLog: logCollectorOf(llama),
    modelParamsBytes: koffi.sizeof(modelParams),
    batchBytes: koffi.sizeof(batch),
    contextParamsBytes: koffi.sizeof(contextParams),
    writeModelDefaults: llama.func("llama_model_default_params", "void *", ["void *"]),
    writeContextDefaults: llama.func("llama_context_default_params", "void *", ["void *"]),
    writeBatch: llama.func("llama_batch_init", "void *", ["void *", "int32_t", "int32_t", "int32_t"]),
    ggml_backend_load: ggml.func("void *ggml_backend_load(const char *path)"),
    ggml_backend_load_all_from_path: ggml.func("void ggml_backend_load_all_from_path(const char *path)"),
  } as unknown as LlamaLibrary;
}

/** The calls for a persistent thread pool, which live in the compute library that the engine chose for this CPU. */
export interface PoolLibrary {
  readonly poolParamsBytes: number;
  ggml_threadpool_params_default(threads: number): Params;
  /** The same defaults, written through a pointer. */
  ggml_threadpool_params_init(target: Buffer, threads: number): void;
  ggml_threadpool_new(params: Params): Handle;
}

/** Opens the thread pool calls of one compute library, and those of `folder` that make its parameters. */
export function openPool(path: string, folder: string): PoolLibrary {
  const cpu = koffi.load(path);
  const base = openLibrary(folder, /^libggml-base\.so$/);
  return {
    poolParamsBytes: koffi.sizeof(poolParams),
    ggml_threadpool_params_default: base.func("ggml_threadpool_params ggml_threadpool_params_default(int threads)"),
    ggml_threadpool_params_init: base.func("void ggml_threadpool_params_init(void *params, int threads)"),
    ggml_threadpool_new: cpu.func("void *ggml_threadpool_new(ggml_threadpool_params *params)"),
  };
}

/** Asks the kernel to kill this process when its parent dies, however the parent dies (prctl PR_SET_PDEATHSIG). */
export function dieWithParent(): void {
  const setParentDeathSignal = 1;
  const libc = koffi.load("libc.so.6");
  const prctl = libc.func("int prctl(int option, ulong a, ulong b, ulong c, ulong d)") as (
    ...words: number[]
  ) => number;
  prctl(setParentDeathSignal, 9, 0, 0, 0);
}

/**
 * Keeps the calling thread on one CPU.
 * @throws {EngineError} `invalid-setting` when the kernel refuses
 */
export function stayOnCpu(cpu: number): void {
  const mask = new BigUint64Array(Math.floor(cpu / 64) + 1);
  mask[mask.length - 1] = 1n << BigInt(cpu % 64);
  const setAffinity = koffi.load("libc.so.6").func("int sched_setaffinity(int pid, size_t bytes, const void *mask)");
  if (setAffinity(0, mask.byteLength, mask) === 0) return;
  const message = `The kernel does not let a thread stay on CPU ${cpu}. Plan without isStrict, or with other CPUs.`;
  throw new EngineError("invalid-setting", message, { facts: { cpu } });
}
