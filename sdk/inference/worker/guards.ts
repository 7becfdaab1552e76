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

function refuse(what: string, found: unknown, needed: unknown): never {
  throw new EngineError(
    "library-mismatch",
    `${what} is ${String(found)}; direct calls are written for ${String(needed)} (llama.cpp v0.4.0 of node-llama-cpp 3.21.1). ` +
      "Install node-llama-cpp 3.21.1, or use the driver llama-api.",
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

/**
 * The second and third guard: the library's own default parameters read back as the declarations expect, and on x86-64,
 * where a struct is returned through a hidden pointer, it writes as many bytes as the declarations have.
 * @throws {EngineError} `library-mismatch`
 */
export function assertStructs(llama: LlamaLibrary): void {
  if (process.arch === "x64") {
    const model = alignedTo8(
      writtenBytes((target) => {
        llama.writeModelDefaults(target);
      }),
    );
    const context = alignedTo8(
      writtenBytes((target) => {
        llama.writeContextDefaults(target);
      }),
    );
    if (model !== llama.modelParamsBytes) refuse("The size of llama_model_params", model, llama.modelParamsBytes);
    if (context !== llama.contextParamsBytes)
      refuse("The size of llama_context_params", context, llama.contextParamsBytes);
  }
  assertDefaults("llama_model_params", llama.llama_model_default_params(), modelDefaults);
  assertDefaults("llama_context_params", llama.llama_context_default_params(), contextDefaults);
}
