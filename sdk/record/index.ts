/** Results on disk: one JSON line a run. */
export { type Bandwidth, bandwidthsOf, type Ceiling, ceilingsOf } from "./bandwidth.ts";
export { readBytesPerTokenOf } from "./bytesPerToken.ts";
export { comparabilityOf } from "./comparability.ts";
export { cutShortOf, cutShortWarnings, type CutShort } from "./cutShort.ts";
export { RecordError } from "./errors.ts";
export { groupsOf } from "./groups.ts";
export { runId, type RunParts, studyId } from "./identity.ts";
export { modelKeyOf, modelNamesOf } from "./modelName.ts";
export { appendRun, recordsFile } from "./recordsFile.ts";
export { isTimed, type ModelRun, rooflineOf } from "./roofline.ts";
export type { Run } from "./run.ts";
export { isOutputSuspect } from "./outputSuspect.ts";
export { summarizeThroughput, throughputOf } from "./throughput.ts";
export { readRuns, type Records } from "./runs.ts";
export { readSoftware } from "./software.ts";
export { sweepKinds, type SweepRow, toSweepRows } from "./sweepRow.ts";
export { warningCountsOf, type WarningCount } from "./warningCounts.ts";
