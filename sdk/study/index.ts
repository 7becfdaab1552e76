/** Questions answered whole, with frame, figure and verdict in words. */
export { bench, benchNotesOf, type BenchRow, benchRowsOf, type BenchSpec } from "./bench.ts";
export {
  batchFrontier,
  type BatchFrontierOptions,
  type BatchFrontierRow,
  type BatchFrontierSpec,
} from "./batchFrontier.ts";
export type { Conducted, ConductOptions, ConductProgress } from "./conduct.ts";
export { diagnose, type DiagnoseOptions, type DiagnoseResult, type DiagnoseSpec } from "./diagnose.ts";
export { type Diagnosis, diagnosisOf, type MeasuredRow } from "./diagnosis.ts";
export { StudyError, type StudyErrorCode } from "./errors.ts";
export { reportOf } from "./reportOf.ts";
export type { Sentence } from "./sentence.ts";
export type { Settings } from "./settings.ts";
