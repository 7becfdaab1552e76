import type { GgufEntry, TensorSpec } from "./gguf.ts";
import type { ModelShape } from "./shape.ts";
import type { SyntheticType } from "./tensorType.ts";
import { tensorTypeOf } from "./tensorType.ts";
import { specialTokenIds, vocabularyOf } from "./vocabulary.ts";

/** The numbers that `general.file_type` gives to the formats a synthetic model's matrices can have. */
const fileTypes = { F16: 1, Q4_0: 2, Q8_0: 7 } as const;

/** The mix that a synthetic model's matrices are stored in, as `llama-quantize` calls it. */
export type SyntheticQuant = keyof typeof fileTypes;

/** The storage formats that can be synthesized. */
export const syntheticQuants = Object.keys(fileTypes) as readonly SyntheticQuant[];

/** What a synthetic file is made from. */
export interface Contents {
  readonly name: string;
  readonly shape: ModelShape;
  /** The layers of the model that the shape was cut from; the shape's own when it is whole. */
  readonly wholeLayersCount: number;
  readonly quant: SyntheticQuant;
  readonly randomSeed: number;
}

function tensorSpec(name: string, dimensions: readonly number[], type: SyntheticType): TensorSpec {
  return { name, dimensions, type: tensorTypeOf(type) };
}

/** What takes the place of a format whose blocks the rows of a matrix do not fill. */
const fallbacks = { Q8_0: "F16", Q6_K: "Q8_0", Q4_0: "F16" } as const;

/** The format that rows of so many weights get instead of the wanted one, which they may not fill. */
function fittingTypeOf(rowWeights: number, wanted: Exclude<SyntheticType, "F32">): SyntheticType {
  if (wanted === "F16" || rowWeights % tensorTypeOf(wanted).blockWeights === 0) return wanted;
  return fittingTypeOf(rowWeights, fallbacks[wanted]);
}

/** The format of what becomes the next token's probabilities, the most sensitive matrix: of more bits in Q4_0. */
function outputTypeOf(rowWeights: number, quant: SyntheticQuant): SyntheticType {
  return fittingTypeOf(rowWeights, quant === "Q4_0" ? "Q6_K" : quant);
}

function layerTensorsOf({ shape, quant }: Contents, layerIndex: number): readonly TensorSpec[] {
  const { hiddenSize, feedForwardSize } = shape;
  const querySize = shape.headsCount * shape.headSize;
  const keySize = shape.kvHeadsCount * shape.headSize;
  const vector = (name: string, size: number) => tensorSpec(`blk.${layerIndex}.${name}`, [size], "F32");
  const matrix = (name: string, inputs: number, outputs: number) =>
    tensorSpec(`blk.${layerIndex}.${name}.weight`, [inputs, outputs], fittingTypeOf(inputs, quant));
  const biases = [vector("attn_q.bias", querySize), vector("attn_k.bias", keySize), vector("attn_v.bias", keySize)];
  return [
    vector("attn_norm.weight", hiddenSize),
    matrix("attn_q", hiddenSize, querySize),
    matrix("attn_k", hiddenSize, keySize),
    matrix("attn_v", hiddenSize, keySize),
    ...(shape.architecture === "qwen2" ? biases : []),
    matrix("attn_output", querySize, hiddenSize),
    vector("ffn_norm.weight", hiddenSize),
    matrix("ffn_gate", hiddenSize, feedForwardSize),
    matrix("ffn_up", hiddenSize, feedForwardSize),
    matrix("ffn_down", feedForwardSize, hiddenSize),
  ];
}

/**
 * The tensors of a model in the order of the file, each in the format that `llama-quantize` gives it in a file of the
 * chosen mix: norms and biases in F32, and the output, or the embedding table that stands for it, in the output's.
 * @see https://github.com/ggml-org/llama.cpp/tree/master/src llama-quant.cpp, for formats; models/llama.cpp and
 * models/qwen2.cpp, for names and dimensions
 */
export function tensorSpecsOf(contents: Contents): readonly TensorSpec[] {
  const { shape, quant } = contents;
  const { hiddenSize, layersCount, tiedEmbeddings } = shape;
  const table = [hiddenSize, shape.vocabularyCount];
  const tableType = fittingTypeOf(hiddenSize, quant);
  const outputType = outputTypeOf(hiddenSize, quant);
  return [
    tensorSpec("token_embd.weight", table, tiedEmbeddings ? outputType : tableType),
    ...Array.from({ length: layersCount }, (_, index) => layerTensorsOf(contents, index)).flat(),
    tensorSpec("output_norm.weight", [hiddenSize], "F32"),
    ...(tiedEmbeddings ? [] : [tensorSpec("output.weight", table, outputType)]),
  ];
}

function shapeEntriesOf(shape: ModelShape): readonly GgufEntry[] {
  const { architecture } = shape;
  const count = (key: string, value: number): GgufEntry => ({ key: `${architecture}.${key}`, type: "uint32", value });
  const real = (key: string, value: number): GgufEntry => ({ key: `${architecture}.${key}`, type: "float32", value });
  return [
    count("block_count", shape.layersCount),
    count("context_length", shape.contextTokensCount),
    count("embedding_length", shape.hiddenSize),
    count("feed_forward_length", shape.feedForwardSize),
    count("attention.head_count", shape.headsCount),
    count("attention.head_count_kv", shape.kvHeadsCount),
    count("attention.key_length", shape.headSize),
    count("attention.value_length", shape.headSize),
    count("rope.dimension_count", shape.headSize),
    real("rope.freq_base", shape.ropeBase),
    real("attention.layer_norm_rms_epsilon", shape.normEpsilon),
  ];
}

function vocabularyEntriesOf(vocabularyCount: number): readonly GgufEntry[] {
  const { tokens, kinds } = vocabularyOf(vocabularyCount);
  const id = (role: string, value: number): GgufEntry => ({
    key: `tokenizer.ggml.${role}_token_id`,
    type: "uint32",
    value,
  });
  return [
    { key: "tokenizer.ggml.model", type: "string", value: "llama" },
    { key: "tokenizer.ggml.pre", type: "string", value: "default" },
    { key: "tokenizer.ggml.tokens", type: "string", items: tokens },
    { key: "tokenizer.ggml.token_type", type: "int32", items: kinds },
    id("bos", specialTokenIds.begin),
    id("eos", specialTokenIds.end),
    id("unknown", specialTokenIds.unknown),
  ];
}

/** The metadata of a model: what llama.cpp needs to load it, and that it is synthetic. */
export function entriesOf({ name, shape, wholeLayersCount, quant, randomSeed }: Contents): readonly GgufEntry[] {
  return [
    { key: "general.architecture", type: "string", value: shape.architecture },
    { key: "general.name", type: "string", value: name },
    { key: "general.file_type", type: "uint32", value: fileTypes[quant] },
    { key: "general.quantization_version", type: "uint32", value: 2 },
    { key: "numalab.synthetic", type: "bool", value: true },
    { key: "numalab.random_seed", type: "uint64", value: randomSeed },
    { key: "numalab.whole_layers_count", type: "uint32", value: wholeLayersCount },
    ...shapeEntriesOf(shape),
    ...vocabularyEntriesOf(shape.vocabularyCount),
  ];
}
