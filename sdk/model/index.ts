/** Model files: read, synthesized, listed, found; and their sizes. */
export { cacheFormats, type CacheFormat } from "./cache.ts";
export type { ModelPart, PartShare, TypeShare } from "./contents.ts";
export { editMetadata, editModel, type ModelEdit } from "./edit.ts";
export { parseEntry } from "./entryText.ts";
export { ModelError } from "./errors.ts";
export {
  fetchModel,
  type FetchedFile,
  type FetchedModel,
  type FetchProgress,
  type FetchRequest,
} from "./fetch/fetchModel.ts";
export { fileTypeOf, quantLabels, type FileType } from "./fileType.ts";
export { listModels, removeModel, type ModelFile } from "./folder.ts";
export { alignUp, type GgufEntry, type GgufScalar, type StoredEntry, type TensorSpec } from "./gguf.ts";
export { type GgufContents, type ModelTarget, writeGguf } from "./ggufWriting.ts";
export { readImportanceMatrix, type ImportanceMatrix } from "./importanceMatrix.ts";
export { inspectModel, type Inspection, type InspectionSpec, type MemoryEstimate } from "./inspection.ts";
export type { SyntheticQuant } from "./layout.ts";
export type { Model, TensorInfo } from "./model.ts";
export type { PartialFile } from "./partialFile.ts";
export { findModelPath, findModels, userModelPlaces, type FoundModel, type ModelPlace } from "./places.ts";
export { planSynthesis, probeFreeBytes, type SynthesisPlan, type SynthesisSpec } from "./plan.ts";
export { readPreset, readPresets, type Preset } from "./preset.ts";
export { readModel } from "./reading.ts";
export { planShape, type ModelShape, type ShapeSpec } from "./shape.ts";
export { modelNameOf } from "./shards.ts";
export { mergeModel, splitModel, type SplitRequest } from "./splitting.ts";
export { readGguf, type StoredModel, type StoredTensor } from "./storedModel.ts";
export { synthesizeModel, type SynthesisProgress, type SynthesisRequest } from "./synthesis.ts";
export { copyOf, readChunks, type TensorSource } from "./tensorSource.ts";
export { tensorBytesOf, tensorTypeOf, tensorTypes, weightsCountOf, type TensorType } from "./tensorType.ts";
export { assertGoesOn, diskFull, writeModelFile, type Writing } from "./writing.ts";
