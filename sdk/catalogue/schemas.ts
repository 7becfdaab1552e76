import { z } from "zod";
import { count, number, optional, printedCount, quarter, text, times, verified, yesOrNo } from "./cells.ts";

/** By the name a row gives it: the column of the file, and what its cells hold. */
type Columns = Readonly<Record<string, readonly [column: string, cell: z.ZodType]>>;

type RowOf<C extends Columns> = { readonly [Name in keyof C]: z.output<C[Name][1]> };

/** Takes a row of texts by column, all of them and no others, and gives a row of values by name. */
function rowSchema<const C extends Columns>(columns: C) {
  return z
    .strictObject(Object.fromEntries(Object.values(columns)))
    .transform(
      (cells) =>
        Object.fromEntries(Object.entries(columns).map(([name, [column]]) => [name, cells[column]])) as RowOf<C>,
    );
}

const giga = times(1e9);
const mega = times(1e6);
const tera = times(1e12);

const cpus = rowSchema({
  name: ["name", text],
  vendor: ["vendor", text],
  microarchitecture: ["microarchitecture", text],
  coresCount: ["cores", count],
  threadsCount: ["threads", count],
  baseHertz: ["base_GHz", optional(giga)],
  turboHertz: ["turbo_GHz", giga],
  isa: ["isa", text],
  memoryChannelsCount: ["memory_channels", count],
  memoryType: ["memory_type", text],
  memoryTransfersPerSecond: ["memory_MTs", mega],
  peakBytesPerSecondPerSocket: ["peak_GBs_per_socket", giga],
  l3Bytes: ["l3_MiB", times(2 ** 20)],
  tdpWatts: ["tdp_W", optional(number)],
  maxSocketsCount: ["max_sockets", count],
  launch: ["launch", quarter],
  listPriceUsd: ["list_price_usd", optional(number)],
  source: ["source", text],
  verified: ["verified", verified],
  note: ["note", optional(text)],
});

const gpus = rowSchema({
  name: ["name", text],
  architecture: ["architecture", text],
  memoryBytes: ["memory_GiB", times(2 ** 30)],
  memoryType: ["memory_type", text],
  bandwidthBytesPerSecond: ["bandwidth_GBs", giga],
  fp32OperationsPerSecond: ["fp32_TFLOPS", tera],
  /** Dense tensor-core FP16, sums kept in FP32. */
  fp16TensorFp32SumOperationsPerSecond: ["fp16_tensor_dense_TFLOPS_fp32acc", tera],
  /** Dense tensor-core FP16, sums kept in FP16. */
  fp16TensorFp16SumOperationsPerSecond: ["fp16_tensor_dense_TFLOPS_fp16acc", optional(tera)],
  fp16SparseOrInt8OperationsPerSecond: ["fp16_sparse_or_int8_TOPS", optional(tera)],
  boardPowerWatts: ["board_power_W", number],
  launch: ["launch", quarter],
  listPriceUsd: ["list_price_usd", optional(number)],
  source: ["source", text],
  verified: ["verified", verified],
  note: ["note", optional(text)],
});

const isaPeaks = rowSchema({
  isaClass: ["isa_class", text],
  example: ["example", text],
  fp32OperationsPerCycle: ["fp32_flop_per_cycle", count],
  bf16OperationsPerCycle: ["bf16_flop_per_cycle", optional(count)],
  int8OperationsPerCycle: ["int8_ops_per_cycle", count],
  int8Path: ["int8_path", optional(text)],
  note: ["note", optional(text)],
});

const memoryGenerations = rowSchema({
  type: ["type", text],
  transfersPerSecond: ["MTs", mega],
  channelBits: ["bus_bits_per_channel", count],
  bytesPerSecondPerChannel: ["GBs_per_channel", giga],
  twoChannelsBytesPerSecond: ["GBs_2ch", optional(giga)],
  fourChannelsBytesPerSecond: ["GBs_4ch", optional(giga)],
  sixChannelsBytesPerSecond: ["GBs_6ch", optional(giga)],
  eightChannelsBytesPerSecond: ["GBs_8ch", optional(giga)],
  twelveChannelsBytesPerSecond: ["GBs_12ch", optional(giga)],
  note: ["note", optional(text)],
});

const models = rowSchema({
  name: ["name", text],
  huggingfaceId: ["huggingface_id", optional(text)],
  family: ["family", z.enum(["decoder", "encoder", "cnn"], "needed decoder, encoder or cnn")],
  /** As GGUF files name it. */
  architecture: ["architecture", optional(text)],
  layersCount: ["layers", count],
  hiddenSize: ["hidden", optional(count)],
  feedForwardSize: ["ffn", optional(count)],
  /** Three where a gate is multiplied in (SwiGLU, GeGLU), else two. */
  feedForwardMatricesCount: ["mlp_matrices", optional(count)],
  headsCount: ["heads", optional(count)],
  kvHeadsCount: ["kv_heads", optional(count)],
  headSize: ["head_dim", optional(count)],
  vocabularyCount: ["vocab", count],
  hasTiedEmbeddings: ["tied_embeddings", optional(yesOrNo)],
  hasQkvBias: ["qkv_bias", optional(yesOrNo)],
  contextTokensCount: ["max_context", optional(count)],
  /** What a head gives, where it is not the head size. */
  valueSize: ["value_head_dim", optional(count)],
  /** How much of a head tells positions, where it is not all. */
  rotarySize: ["rotary_dim", optional(count)],
  queryLatentSize: ["query_latent", optional(count)],
  keyValueLatentSize: ["kv_latent", optional(count)],
  slidingWindowTokensCount: ["window", optional(count)],
  expertsCount: ["experts", optional(count)],
  expertsUsedCount: ["experts_used", optional(count)],
  expertFeedForwardSize: ["expert_ffn", optional(count)],
  /** Experts that every token goes through. */
  sharedExpertsCount: ["shared_experts", optional(count)],
  /** First layers without experts. */
  denseLayersCount: ["dense_layers", optional(count)],
  expertGating: ["expert_gating", optional(z.enum(["softmax", "sigmoid"], "needed softmax or sigmoid"))],
  ropeBase: ["rope_base", optional(number)],
  normEpsilon: ["norm_epsilon", optional(number)],
  parametersCount: ["params_total", count],
  /** All parameters but embeddings and output head. */
  bodyParametersCount: ["params_body", count],
  /** One embedding table. */
  embeddingParametersCount: ["params_embedding", optional(count)],
  /** Weights that one decoded token reads. */
  readParametersCount: ["weights_read_per_decoded_token", count],
  /** Key and value cache in F16. */
  kvBytesPerToken: ["kv_bytes_per_token_f16", count],
  /** Body only; for the image network, per image. */
  prefillOperationsPerToken: ["flop_per_prefill_token_body", count],
  fp16Bytes: ["size_fp16_GB", giga],
  /** What llama-bench prints, rounded by it. */
  printedParametersCount: ["params_printed_by_llama_bench", optional(printedCount)],
  source: ["source", text],
});

const nonexistentCpus = rowSchema({
  name: ["name", text],
  claimedIn: ["claimed_in", text],
  claimed: ["claimed", text],
  nearestReal: ["nearest_real", text],
  evidence: ["evidence", text],
});

const quantFileSizes = rowSchema({
  model: ["model", text],
  mix: ["mix", text],
  fileBytes: ["size_GiB", times(2 ** 30)],
  parametersCount: ["params_B", giga],
  /** File bits over parameters. */
  effectiveWeightBits: ["effective_bpw", number],
  source: ["source", text],
});

const quantTypes = rowSchema({
  format: ["format", text],
  type: ["type", text],
  /** Null where a block has no fixed size. */
  blockWeightsCount: ["block_weights", optional(count)],
  blockBytes: ["block_bytes", optional(number)],
  weightBits: ["bits_per_weight", number],
  layout: ["layout", text],
  class: ["class", text],
  source: ["source", text],
});

/** The schema of every file in datasets/catalogue, by the file's name. */
export const schemas = { cpus, gpus, isaPeaks, memoryGenerations, models, nonexistentCpus, quantFileSizes, quantTypes };

/** The row of every catalogue, by the catalogue's name. */
export type CatalogueRows = { readonly [Name in keyof typeof schemas]: z.output<(typeof schemas)[Name]> };
