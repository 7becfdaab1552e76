import koffi from "koffi";
import { assertStruct } from "./guards.ts";
import { openKnownLibrary } from "./knownLibrary.ts";
import type { Params } from "./native.ts";

// The native declarations of the quantizer, of llama.cpp v0.4.0 (include/llama.h, commit 80fb11a).

koffi.struct("llama_model_tensor_override", { pattern: "const char *", type: "int" });

koffi.struct("llama_model_imatrix_data", { name: "const char *", data: "float *", size: "size_t" });

const quantizeParams = koffi.struct("llama_model_quantize_params", {
  nthread: "int32_t",
  ftype: "int",
  output_tensor_type: "int",
  token_embedding_type: "int",
  allow_requantize: "bool",
  quantize_output_tensor: "bool",
  only_copy: "bool",
  pure: "bool",
  keep_split: "bool",
  dry_run: "bool",
  imatrix: "llama_model_imatrix_data *",
  kv_overrides: "uint8_t *",
  tt_overrides: "llama_model_tensor_override *",
  prune_layers: "int32_t *",
  max_buf_size: "size_t",
});

/** The number that stands for no storage format (GGML_TYPE_COUNT). */
export const noTensorType = 43;

const quantizeDefaults: Params = {
  nthread: 0,
  ftype: 7,
  output_tensor_type: noTensorType,
  token_embedding_type: noTensorType,
  allow_requantize: false,
  quantize_output_tensor: true,
  only_copy: false,
  pure: false,
  keep_split: false,
  dry_run: false,
  imatrix: null,
  kv_overrides: null,
  tt_overrides: null,
  prune_layers: null,
  max_buf_size: 8 * 2 ** 30,
};

/** The calls into libllama that quantize, by their C names. */
export interface QuantizeLibrary {
  llama_backend_init(): void;
  llama_model_quantize_default_params(): Params;
  /** Not 0 when it failed; why stands on the standard error. */
  llama_model_quantize(source: string, target: string, params: Params): number;
}

/**
 * Opens the quantizer of `folder`.
 * @throws {EngineError} `libc-too-old`, or `library-mismatch` before any of its functions but the one that gives defaults is called
 */
export function openQuantizer(folder: string): QuantizeLibrary {
  const llama = openKnownLibrary(folder, /^libllama\.v[\d.]+\.so$/);
  const library: QuantizeLibrary = {
    llama_backend_init: llama.func("void llama_backend_init()"),
    llama_model_quantize_default_params: llama.func(
      "llama_model_quantize_params llama_model_quantize_default_params()",
    ),
    llama_model_quantize: llama.func(
      "uint32_t llama_model_quantize(const char *source, const char *target, llama_model_quantize_params *params)",
    ),
  };
  assertStruct({
    name: "llama_model_quantize_params",
    bytes: koffi.sizeof(quantizeParams),
    defaults: quantizeDefaults,
    read: () => library.llama_model_quantize_default_params(),
    write: llama.func("llama_model_quantize_default_params", "void *", ["void *"]),
  });
  return library;
}
