/** Where processes run: placement, binding, proof. */
export { verifyBinding } from "./binding.ts";
export { probeBindingWay, type BindingProbe } from "./bindingWay.ts";
export { LaunchError } from "./errors.ts";
export type { ProcessExit } from "./exit.ts";
export { startLaunch, type Launch, type LaunchedInstance, type LaunchOptions, type Program } from "./launch.ts";
export { planLaunch } from "./plan.ts";
export type { BindingReport, BindingWay, InstancePlan, LaunchPlan, LaunchSpec, MemoryPolicy } from "./plan.ts";
export type { InstanceScope, InstancesSpec, NodeBandwidths } from "./instances.ts";
