/** Models made smaller, with the error that it costs: quantized, pruned, distilled, mixed. */
export { type BlockQuantizationOptions, quantizeBlocks } from "./blockQuantization.ts";
export type { BlockFormat } from "./blocks.ts";
export { calibrate, type CalibrationOptions, collectHistograms } from "./calibration.ts";
export { columnPowers } from "./columnPowers.ts";
export { type DynamicQuantizationOptions, quantizeDynamic } from "./dynamicQuantization.ts";
export { CompressionError, type CompressionErrorCode } from "./errors.ts";
export {
  type CompressedFile,
  pruneFile,
  type PruningFileRequest,
  type QuantizationFileRequest,
  quantizeFile,
} from "./files.ts";
export { pruneModel, type PruningRequest } from "./ggufPruning.ts";
export type { PruningSpec } from "./ggufPruningPlan.ts";
export type { Histogram } from "./histogram.ts";
export { compressionLadder, type LadderRow, type LadderSpec, type Rung } from "./ladder.ts";
export type { SampleRun } from "./observation.ts";
export { type GraphPruningOptions, type PrunedGraph, type PrunedUnits, pruneGraph } from "./pruning.ts";
export type { Kept } from "./keptCounts.ts";
export { type FormOptions, parseForm, type QuantizationForm, quantizeTo } from "./quantizationForm.ts";
export type { QuantizationOptions, QuantizedGraph, QuantizedLayer } from "./quantized.ts";
export { chooseRange, type Range, type RangeMethod } from "./range.ts";
export { readSamples } from "./samplesFile.ts";
export { quantizeStatic, valuesToCalibrate } from "./staticQuantization.ts";
export type { ColumnPowers } from "./unitScores.ts";
export { type ComparedGraphs, type ValueError, valueErrors } from "./valueErrors.ts";
export {
  defaultTeaching,
  distil,
  type Distillation,
  type DistillationSpec,
  effectiveAlphaOf,
  type Teaching,
  teachingWarningsOf,
} from "./distillation.ts";
export { distillationGainOf, type TrialRow, trialRowOf } from "./distillationGain.ts";
export {
  defaultTrialSizes,
  type Graded,
  runTrial,
  type Trial,
  type TrialSizes,
  type TrialSpec,
} from "./distillationTrial.ts";
export { writeTrial } from "./trialFiles.ts";
