/** Model files: read, synthesized, listed, found; and their sizes. */
export { ModelError } from "./errors.ts";
export { listModels, removeModel, type ModelFile } from "./folder.ts";
export type { SyntheticQuant } from "./layout.ts";
export type { Model, TensorInfo } from "./model.ts";
export { findModels, userModelPlaces, type FoundModel, type ModelPlace } from "./places.ts";
export { planSynthesis, type SynthesisPlan, type SynthesisSpec } from "./plan.ts";
export { readPresets, type Preset } from "./preset.ts";
export { readModel } from "./reading.ts";
export type { ModelShape, ShapeSpec } from "./shape.ts";
export { synthesizeModel, type SynthesisProgress, type SynthesisRequest } from "./synthesis.ts";
