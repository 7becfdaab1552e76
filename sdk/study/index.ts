/** Questions answered whole, with frame, figure and verdict in words. */
export { bench, type BenchResult, type BenchSpec, type BenchVariant } from "./bench.ts";
export { benchNotesOf, type BenchTest } from "./benchTest.ts";
export { cpusOfMask } from "./cpuMask.ts";
export { formatLlamaBench, type LlamaBenchFormat, llamaBenchFormats } from "./llamaBenchText.ts";
export {
  batchFrontier,
  type BatchFrontierOptions,
  type BatchFrontierRow,
  type BatchFrontierSpec,
} from "./batchFrontier.ts";
export type { Conducted, ConductOptions, ConductProgress } from "./conduct.ts";
export { diagnose, type DiagnoseOptions, type DiagnoseResult, type DiagnoseSpec } from "./diagnose.ts";
export { type Diagnosis, diagnosisOf, type MeasuredRow } from "./diagnosis.ts";
export {
  distillationAnswerOf,
  distillationReportOf,
  type DistillationSetting,
  distillationTextOf,
  smallerFormRowsOf,
  smallerFormsNote,
} from "./distillation.ts";
export { StudyError, type StudyErrorCode } from "./errors.ts";
export { instructionSetLadder, type InstructionSetOptions, type InstructionSetSpec } from "./instructionSetLadder.ts";
export { type InstructionSetRow, ladderSentenceOf } from "./instructionSetRows.ts";
export { reportOf } from "./reportOf.ts";
export type { Sentence } from "./sentence.ts";
export type { Settings } from "./settings.ts";
