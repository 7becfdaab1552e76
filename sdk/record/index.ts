/** Results on disk: one JSON line a run. */
export { comparabilityOf } from "./comparability.ts";
export { RecordError } from "./errors.ts";
export { runId, type RunParts, studyId } from "./identity.ts";
export { appendRun, recordsFile } from "./recordsFile.ts";
export type { Run } from "./run.ts";
export { throughputOf } from "./throughput.ts";
export { readRuns, type Records } from "./runs.ts";
export { readSoftware } from "./software.ts";
