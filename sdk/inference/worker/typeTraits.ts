import koffi from "koffi";
import { tensorTypeOf } from "../../model/index.ts";
import { refuse } from "./guards.ts";
import { openKnownLibrary } from "./knownLibrary.ts";

// The native declarations of storage formats, of llama.cpp v0.4.0 (ggml/include/ggml.h, commit 80fb11a).

koffi.struct("ggml_type_traits", {
  type_name: "const char *",
  blck_size: "int64_t",
  blck_size_interleave: "int64_t",
  type_size: "size_t",
  is_quantized: "bool",
  to_float: "void *",
  from_float_ref: "void *",
});

const toFloat = koffi.proto("void ggml_to_float(const void *x, _Out_ float *y, int64_t k)");

interface Traits {
  readonly type_name: string;
  readonly blck_size: number;
  readonly type_size: number;
  readonly to_float: bigint | null;
}

/** Turns stored bytes into as many weights as `weights` has room for. */
export type Unpack = (bytes: Buffer, weights: Float32Array) => void;

function unpackFloats(bytes: Buffer, weights: Float32Array): void {
  for (let at = 0; at < weights.length; at++) weights[at] = bytes.readFloatLE(at * 4);
}

/**
 * Opens the library's own way from each storage format to weights; null for a format that holds none.
 * @throws {EngineError} `libc-too-old`; `library-mismatch`, of a type too when the library packs it otherwise than the declaration says
 */
export function openTypeTraits(folder: string): (type: string) => Unpack | null {
  const base = openKnownLibrary(folder, /^libggml-base\.so$/);
  const read = base.func("ggml_type_traits *ggml_get_type_traits(int type)");
  return (type) => {
    const { id, name, blockWeights, blockBytes } = tensorTypeOf(type);
    const traits = koffi.decode(read(id), "ggml_type_traits") as Traits;
    const found = `${traits.type_name.toUpperCase()} of ${traits.blck_size} weights in ${traits.type_size} bytes`;
    const needed = `${name} of ${blockWeights} weights in ${blockBytes} bytes`;
    if (found !== needed) refuse(`Storage format ${id}`, found, needed);
    if (name === "F32") return unpackFloats;
    const { to_float: call } = traits;
    return call === null
      ? null
      : (bytes, weights) => {
          koffi.call(call, toFloat, bytes, weights, weights.length);
        };
  };
}
