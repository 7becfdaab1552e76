/** Tokens out of a model, with the time of each. */
export { EngineError, type EngineErrorCode } from "./errors.ts";
export { type Engine, type EnginePlan, planEngine, startEngine } from "./engine.ts";
export { compareDistributions, type Divergence } from "./divergence.ts";
export type { EngineScoring, Perplexity, ScoringOptions } from "./engineScoring.ts";
export type { EmbeddingOptions, EngineText, TextOptions } from "./engineText.ts";
export type { BatchSpec, EngineTiming, RequestSpec } from "./engineTiming.ts";
export { type EngineLibraries, findEngineLibraries } from "./libraries.ts";
export { assertRuntime, readHostVersions, readNeededVersions, type RuntimeVersions } from "./libc.ts";
export type { EngineFacts, Generation, TimedRequest } from "./protocol.ts";
export type { Sampling } from "./sampling.ts";
export type { CacheType, DriverName, EngineSetting, EngineSpec, PoolSetting, ThreadPlacement } from "./setting.ts";
export { type BatchTimeline, interTokenSecondsOf, type TokenTimeline, tokensPerSecondOf } from "./timeline.ts";
export { planQuantization, type QuantizationPlan } from "./quantizationPlan.ts";
export type { QuantizationSpec, TensorOverride } from "./quantizationTask.ts";
export { type ComparisonOptions, quantizationErrors, sqnrDecibelsOf, type TensorError } from "./quantizationErrors.ts";
export { quantizeModel, type QuantizationProgress, type QuantizationRequest } from "./quantize.ts";
