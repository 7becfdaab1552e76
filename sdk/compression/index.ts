/** Models made smaller, with the error that it costs: quantized, pruned, distilled, mixed. */
export { type BlockQuantizationOptions, quantizeBlocks } from "./onnx/blockQuantization.ts";
export { type BlockError, blockErrors } from "./onnx/blockErrors.ts";
export type { BlockFormat } from "./onnx/blocks.ts";
export { calibrate, type CalibrationOptions, collectHistograms } from "./onnx/calibration.ts";
export { columnPowers } from "./onnx/columnPowers.ts";
export { type DynamicQuantizationOptions, quantizeDynamic } from "./onnx/dynamicQuantization.ts";
export { compareFiles, type ComparisonRequest, type FileComparison } from "./comparison.ts";
export { CompressionError, type CompressionErrorCode } from "./errors.ts";
export {
  type CompressedFile,
  pruneFile,
  type PruningFileRequest,
  type QuantizationFileRequest,
  quantizeFile,
} from "./files.ts";
export { pruneModel, type PruningRequest } from "./gguf/pruning.ts";
export type { PruningSpec } from "./gguf/pruningPlan.ts";
export type { Histogram } from "./onnx/histogram.ts";
export { compressionLadder, type LadderSpec } from "./ladder.ts";
export type { SampleRun } from "./onnx/observation.ts";
export { type GraphPruningOptions, type PrunedGraph, type PrunedUnits, pruneGraph } from "./onnx/pruning.ts";
export type { Kept } from "./kept.ts";
export { type FormOptions, parseForm, type QuantizationForm, quantizeTo } from "./onnx/quantizationForm.ts";
export type { QuantizationOptions, QuantizedGraph, QuantizedLayer } from "./onnx/quantized.ts";
export { chooseRange, type Range, type RangeMethod } from "./onnx/range.ts";
export { readSamples } from "./samplesFile.ts";
export { foldNorms } from "./onnx/normFolding.ts";
export { quantizeStatic, valuesToCalibrate } from "./onnx/staticQuantization.ts";
export type { ColumnPowers } from "./onnx/unitScores.ts";
export { type ComparedGraphs, type ValueError, valueErrors } from "./onnx/valueErrors.ts";
export {
  articleTeaching,
  defaultTeaching,
  distil,
  type Distillation,
  type DistillationSpec,
  effectiveAlphaOf,
  type Teaching,
  teachingWarningsOf,
} from "./distillation/distillation.ts";
export { distillationGainOf, type TrialRow, trialRowOf } from "./distillation/gain.ts";
export {
  defaultTrialSizes,
  type Graded,
  runTrial,
  type Trial,
  type TrialSizes,
  type TrialSpec,
} from "./distillation/trial.ts";
export { type LossRow, lossRowsOf, writeTrial } from "./distillation/trialFiles.ts";
export { randomSamples } from "./onnx/randomSamples.ts";
export { compareRungs, type ComparisonSpec, type LadderRow, type Rung } from "./onnx/rungs.ts";
export { type Choice, chooseOptions, type Option } from "./mix/choice.ts";
export type { TensorGroup } from "./mix/groups.ts";
export { measureMix, type MixMeasurement, type MixMeasuringSpec, type MixRow, mixTypes } from "./mix/measuring.ts";
export { buildMix, type MixBudget, type MixPlan, planMix } from "./mix/mixing.ts";
export { type DivergenceWork, measureDivergence, startModel } from "./mix/sensitivity.ts";
