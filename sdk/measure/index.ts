/** The machine's physical figures, and what happened around a run. */
export { measureBandwidth } from "./bandwidth.ts";
export type { Bandwidth, BandwidthPoint, BandwidthProgress, BandwidthSpec } from "./bandwidth.ts";
export { planBandwidth } from "./bandwidthPlan.ts";
export type { BandwidthMachine, BandwidthPlan, BandwidthPointPlan, SamplingSpec } from "./bandwidthPlan.ts";
export type { EnvironmentChange, EnvironmentSnapshot } from "./environment.ts";
export { compareEnvironment } from "./environmentChange.ts";
export type { EnvironmentComparison } from "./environmentChange.ts";
export { readEnvironment } from "./environmentSnapshot.ts";
export type { EnvironmentSpec } from "./environmentSnapshot.ts";
export { MeasureError } from "./errors.ts";
export type { MeasureErrorCode } from "./errors.ts";
export { readThrottling, type Throttling } from "./throttling.ts";
