/** Where processes run: placement, binding, proof. */
export { readNodeBandwidths } from "./bandwidths.ts";
export { verifyBinding } from "./binding.ts";
export { probeBindingWay, type BindingProbe } from "./bindingWay.ts";
export { flagRows, type FlagRow } from "./commandLine/flagRows.ts";
export { parseLaunch, type LaunchRequest, type TaskManager } from "./commandLine/request.ts";
export { formatSheet, planSheet } from "./commandLine/sheet.ts";
export type { LaunchSheet, SheetBasis, SheetInstance } from "./commandLine/sheet.ts";
export { planEnvironment } from "./environment.ts";
export type { EnvironmentBasis, EnvironmentPlan, EnvironmentSpec, LoadedLibrary } from "./environment.ts";
export { LaunchError } from "./errors.ts";
export type { ProcessExit } from "./exit.ts";
export type { InstanceScope, InstancesSpec, NodeBandwidths } from "./instances.ts";
export { startLaunch, type Launch, type LaunchedInstance, type LaunchOptions, type Program } from "./launch.ts";
export { findLibraries, type Libraries, type Library } from "./libraries.ts";
export { planLaunch } from "./plan.ts";
export type { BindingReport, BindingWay, InstancePlan, LaunchPlan, LaunchSpec, MemoryPolicy } from "./plan.ts";
