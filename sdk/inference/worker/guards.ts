import { basename } from "node:path";
import { EngineError } from "../errors.ts";
import { findLibrary } from "../libraries.ts";
import type { LlamaLibrary, Params } from "./native.ts";

const knownLibrary = "libllama.v0.4.0.so";

const modelDefaults: Params = {
  n_gpu_layers: -1,
  split_mode: 1,
  load_mode: -1,
  lazy_mode: 1,
  main_gpu: 0,
  vocab_only: false,
  check_tensors: false,
  use_extra_bufts: true,
  no_host: false,
  no_alloc: false,
  load_mtp: false,
};

const contextDefaults: Params = {
  n_ctx: 512,
  n_batch: 2048,
  n_ubatch: 512,
  n_seq_max: 1,
  n_outputs_max_per_seq: 1,
  flash_attn_type: -1,
  yarn_ext_factor: -1,
  defrag_thold: -1,
  type_k: 1,
  type_v: 1,
  embeddings: false,
  offload_kqv: true,
  no_perf: true,
  op_offload: true,
  swa_full: true,
  kv_unified: false,
};

/**
 * Refuses a library that is not the one that direct calls are written for.
 * @throws {EngineError} `library-mismatch`
 */
export function refuse(what: string, found: unknown, needed: unknown): never {
  throw new EngineError(
    "library-mismatch",
    `${what} is ${String(found)}; direct calls are written for ${String(needed)} (llama.cpp v0.4.0 of node-llama-cpp 3.21.1). ` +
      "Install node-llama-cpp 3.21.1; an engine can use the driver llama-api instead.",
    { facts: { what, found, needed } },
  );
}

/**
 * The first guard, before anything is loaded: only the library file that the declarations describe.
 * @throws {EngineError} `library-mismatch`
 */
export function assertKnownLibrary(folder: string): void {
  const path = findLibrary(folder, /^libllama\.v.*\.so$/);
  const name = path === null ? "absent" : basename(path);
  if (name !== knownLibrary) refuse("The engine library", name, knownLibrary);
}

/** The last byte that a function writes into a buffer, found by filling it with two patterns. */
function writtenBytes(write: (target: Buffer) => void): number {
  const lastTouched = [0xaa, 0x55].map((filler) => {
    const target = Buffer.alloc(1024, filler);
    write(target);
    return target.findLastIndex((byte) => byte !== filler);
  });
  return Math.max(...lastTouched) + 1;
}

function assertDefaults(name: string, found: Params, needed: Params): void {
  for (const [field, value] of Object.entries(needed)) {
    if (found[field] !== value) refuse(`The default of ${name}.${field}`, found[field], value);
  }
}

const alignedTo8 = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** A parameter struct as it is declared here, with the library's two ways to give its defaults. */
export interface DeclaredStruct {
  readonly name: string;
  readonly bytes: number;
  readonly defaults: Params;
  readonly read: () => Params;
  /** As it returns on x86-64: through a hidden pointer. */
  readonly write: (target: Buffer) => void;
}

/**
 * The second and third guard: the library's own default parameters read back as the declaration expects, and on x86-64,
 * where a struct is returned through a hidden pointer, it writes as many bytes as the declaration has.
 * @throws {EngineError} `library-mismatch`
 */
export function assertStruct({ name, bytes, defaults, read, write }: DeclaredStruct): void {
  if (process.arch === "x64") {
    const written = alignedTo8(writtenBytes(write));
    if (written !== bytes) refuse(`The size of ${name}`, written, bytes);
  }
  assertDefaults(name, read(), defaults);
}

/**
 * The second and third guard of the structs that an engine is made with and fed with.
 * @throws {EngineError} `library-mismatch`
 */
export function assertStructs(llama: LlamaLibrary): void {
  assertStruct({
    name: "llama_model_params",
    bytes: llama.modelParamsBytes,
    defaults: modelDefaults,
    read: () => llama.llama_model_default_params(),
    write: (target) => {
      llama.writeModelDefaults(target);
    },
  });
  assertStruct({
    name: "llama_context_params",
    bytes: llama.contextParamsBytes,
    defaults: contextDefaults,
    read: () => llama.llama_context_default_params(),
    write: (target) => {
      llama.writeContextDefaults(target);
    },
  });
  assertStruct({
    name: "llama_batch",
    bytes: llama.batchBytes,
    defaults: { n_tokens: 0, embd: null },
    read: () => llama.llama_batch_init(1, 0, 1),
    write: (target) => {
      llama.writeBatch(target, 1, 0, 1);
    },
  });
}
