/** Models made smaller, with the error that it costs: quantized, pruned, distilled, mixed. */
export { type BlockQuantizationOptions, quantizeBlocks } from "./blockQuantization.ts";
export type { BlockFormat } from "./blocks.ts";
export { type DynamicQuantizationOptions, quantizeDynamic } from "./dynamicQuantization.ts";
export { CompressionError, type CompressionErrorCode } from "./errors.ts";
export { createHistogram, type GrowingHistogram, type Histogram } from "./histogram.ts";
export { type PrunedGraph, type PrunedRatio, type PrunedUnits, pruneGraph, type PruningOptions } from "./pruning.ts";
export type { QuantizationOptions, QuantizedGraph, QuantizedLayer } from "./quantized.ts";
export { chooseRange, type Range, type RangeMethod } from "./range.ts";
export { quantizeStatic, valuesToCalibrate } from "./staticQuantization.ts";
export type { ColumnPowers } from "./unitScores.ts";
