/** Model files: read, synthesized, listed, found; and their sizes. */
export { ModelError } from "./errors.ts";
export { fileTypeOf, quantLabels, type FileType } from "./fileType.ts";
export { listModels, removeModel, type ModelFile } from "./folder.ts";
export { alignUp } from "./gguf.ts";
export { readImportanceMatrix, type ImportanceMatrix } from "./importanceMatrix.ts";
export type { SyntheticQuant } from "./layout.ts";
export type { Model, TensorInfo } from "./model.ts";
export type { PartialFile } from "./partialFile.ts";
export { findModels, userModelPlaces, type FoundModel, type ModelPlace } from "./places.ts";
export { planSynthesis, probeFreeBytes, type SynthesisPlan, type SynthesisSpec } from "./plan.ts";
export { readPresets, type Preset } from "./preset.ts";
export { readModel } from "./reading.ts";
export type { ModelShape, ShapeSpec } from "./shape.ts";
export { modelNameOf } from "./shards.ts";
export { synthesizeModel, type SynthesisProgress, type SynthesisRequest } from "./synthesis.ts";
export { tensorBytesOf, tensorTypeOf, weightsCountOf, type TensorType } from "./tensorType.ts";
export { assertGoesOn, diskFull, writeModelFile, type Writing } from "./writing.ts";
