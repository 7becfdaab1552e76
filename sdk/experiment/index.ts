/** Which runs in what order: cells interleaved in random order, resumed after a stop. */
export { calibrateLengths, type RunLengths, standardLengths } from "./calibration.ts";
export { type RunContext, readContext } from "./context.ts";
export { ExperimentError, type ExperimentErrorCode } from "./errors.ts";
export { type IdentifiedModel, identifyModel } from "./modelFile.ts";
export { timeCell } from "./runCell.ts";
export { runStudy, type StudyOptions, type StudyProgress, type StudyWork } from "./runStudy.ts";
export { defaultStopRule, type StopRule } from "./stopRule.ts";
export { type Cell, findUnfinishedStudy, type Study, writeStudy } from "./study.ts";
export { startSubject, type Subject, type SubjectEngine } from "./subject.ts";
export { type Placement, planPlacements, type SweepSpec } from "./sweep.ts";
