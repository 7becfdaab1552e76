import { ModelError } from "./errors.ts";

/**
 * The label of each mix of storage formats, by the number that `general.file_type` holds.
 * @see https://github.com/ggml-org/llama.cpp/blob/master/include/llama.h enum llama_ftype
 */
export const fileTypeLabels: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  7: "Q8_0",
  8: "Q5_0",
  9: "Q5_1",
  10: "Q2_K",
  11: "Q3_K_S",
  12: "Q3_K_M",
  13: "Q3_K_L",
  14: "Q4_K_S",
  15: "Q4_K_M",
  16: "Q5_K_S",
  17: "Q5_K_M",
  18: "Q6_K",
  19: "IQ2_XXS",
  20: "IQ2_XS",
  21: "Q2_K_S",
  22: "IQ3_XS",
  23: "IQ3_XXS",
  24: "IQ1_S",
  25: "IQ4_NL",
  26: "IQ3_S",
  27: "IQ3_M",
  28: "IQ2_S",
  29: "IQ2_M",
  30: "IQ4_XS",
  31: "IQ1_M",
  32: "BF16",
  36: "TQ1_0",
  37: "TQ2_0",
  38: "MXFP4",
  39: "NVFP4",
  40: "Q1_0",
  41: "Q2_0",
};

/** A mix of storage formats that models can be quantized to. */
export interface FileType {
  readonly id: number;
  readonly label: string;
}

/** NVFP4 files are made by converters only. */
const fileTypes: readonly FileType[] = Object.entries(fileTypeLabels)
  .map(([id, label]) => ({ id: Number(id), label }))
  .filter(({ label }) => label !== "NVFP4");

/** What llama-quantize calls otherwise, or leaves short. */
const aliases: Readonly<Record<string, string>> = {
  Q3_K: "Q3_K_M",
  Q4_K: "Q4_K_M",
  Q5_K: "Q5_K_M",
  MXFP4_MOE: "MXFP4",
};

/** The labels that a model can be quantized to, as llama-quantize offers them. */
export const quantLabels: readonly string[] = fileTypes.map(({ label }) => label);

/**
 * The mix of a label, in any case, or of llama-quantize's own name for it.
 * @throws {ModelError} `no-such-quant` with all that there are
 */
export function fileTypeOf(name: string): FileType {
  const label = name.toUpperCase();
  const found = fileTypes.find((type) => type.label === (aliases[label] ?? label));
  if (found !== undefined) return found;
  const message = `There is no quantization ${name}. Pass one of ${quantLabels.join(", ")}.`;
  throw new ModelError("no-such-quant", message, { facts: { name } });
}
