/** Models made smaller, with the error that it costs: quantized, pruned, distilled, mixed. */
export { CompressionError, type CompressionErrorCode } from "./errors.ts";
export { pruneModel, type PruningRequest } from "./ggufPruning.ts";
export type { PruningSpec } from "./ggufPruningPlan.ts";
