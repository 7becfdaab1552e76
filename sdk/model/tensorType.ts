import { ModelError } from "./errors.ts";

/** How one storage format of ggml packs weights: in blocks of a fixed number of weights and bytes. */
export interface TensorType {
  /** Its number in a GGUF file. */
  readonly id: number;
  readonly name: string;
  readonly blockWeights: number;
  readonly blockBytes: number;
}

/** A row a type: its number in the file, name, weights a block, bytes a block. Missing numbers were removed from ggml. */
const rows: readonly (readonly [id: number, name: string, blockWeights: number, blockBytes: number])[] = [
  [0, "F32", 1, 4],
  [1, "F16", 1, 2],
  [2, "Q4_0", 32, 18],
  [3, "Q4_1", 32, 20],
  [6, "Q5_0", 32, 22],
  [7, "Q5_1", 32, 24],
  [8, "Q8_0", 32, 34],
  [9, "Q8_1", 32, 36],
  [10, "Q2_K", 256, 84],
  [11, "Q3_K", 256, 110],
  [12, "Q4_K", 256, 144],
  [13, "Q5_K", 256, 176],
  [14, "Q6_K", 256, 210],
  [15, "Q8_K", 256, 292],
  [16, "IQ2_XXS", 256, 66],
  [17, "IQ2_XS", 256, 74],
  [18, "IQ3_XXS", 256, 98],
  [19, "IQ1_S", 256, 50],
  [20, "IQ4_NL", 32, 18],
  [21, "IQ3_S", 256, 110],
  [22, "IQ2_S", 256, 82],
  [23, "IQ4_XS", 256, 136],
  [24, "I8", 1, 1],
  [25, "I16", 1, 2],
  [26, "I32", 1, 4],
  [27, "I64", 1, 8],
  [28, "F64", 1, 8],
  [29, "IQ1_M", 256, 56],
  [30, "BF16", 1, 2],
  [34, "TQ1_0", 256, 54],
  [35, "TQ2_0", 256, 66],
  [39, "MXFP4", 32, 17],
  [40, "NVFP4", 64, 36],
  [41, "Q1_0", 128, 18],
  [42, "Q2_0", 64, 18],
];

const types: readonly TensorType[] = rows.map(([id, name, blockWeights, blockBytes]) => ({
  id,
  name,
  blockWeights,
  blockBytes,
}));

/**
 * The storage formats of ggml by their number in a GGUF file.
 * @see https://github.com/ggml-org/ggml/blob/master/include/ggml.h the numbers; src/ggml-common.h the blocks
 */
export const tensorTypes: ReadonlyMap<number, TensorType> = new Map(types.map((type) => [type.id, type]));

/** The formats that numalab can write. */
export type SyntheticType = "F32" | "F16" | "Q8_0" | "Q6_K" | "Q4_0";

/**
 * A storage format by its name, in any case.
 * @throws {ModelError} `no-such-quant` with all that there are
 */
export function tensorTypeOf(name: string): TensorType {
  const found = types.find((type) => type.name === name.toUpperCase());
  if (found !== undefined) return found;
  const message = `There is no storage format ${name}. Pass one of ${types.map((type) => type.name).join(", ")}.`;
  throw new ModelError("no-such-quant", message, { facts: { name } });
}

/** The number of weights in a tensor of these dimensions. */
export function weightsCountOf(dimensions: readonly number[]): number {
  return dimensions.reduce((product, size) => product * size, 1);
}

/** The bytes that a tensor takes; a fraction when its rows are not whole blocks. */
export function tensorBytesOf(tensor: { readonly dimensions: readonly number[]; readonly type: TensorType }): number {
  return (weightsCountOf(tensor.dimensions) / tensor.type.blockWeights) * tensor.type.blockBytes;
}
