import type { BindingReport, Binder, InstancePlan } from "../../../sdk/launch/index.ts";
import type { BindingRequest } from "./globals.ts";

/** What starts a bound process, and what must be read back of it; no plan when nothing is bound. */
export interface PlannedBinding {
  readonly command: readonly string[];
  readonly bind: Binder;
  readonly instance: InstancePlan | null;
}

/** The binding of a process that may run anywhere. */
export const unbound: PlannedBinding = { command: [], bind: (start) => start(), instance: null };

/**
 * What binds a process as asked, planned as `numalab launch` plans it.
 * @throws {LaunchError} when this machine has no such node or CPUs, or does not permit them
 * @throws {TopologyError} `unsupported-platform`
 */
export async function planBinding({ nodeIndex, cpus }: BindingRequest): Promise<PlannedBinding> {
  if (nodeIndex === undefined && cpus === undefined) return unbound;
  const { openBinder, planLaunch, probeBindingWay } = await import("../../../sdk/launch/index.ts");
  const { probeTopology } = await import("../../../sdk/topology/index.ts");
  const topology = await probeTopology();
  const { way: bindingWay } = await probeBindingWay(topology);
  const asked = { ...(nodeIndex === undefined ? {} : { nodeIndex }), ...(cpus === undefined ? {} : { cpus }) };
  const [instance] = planLaunch({ ...asked, bindingWay }, topology).instances;
  return instance === undefined ? unbound : { command: instance.prefix, bind: await openBinder(instance), instance };
}

/** What keeps a process from being bound as planned, as read from /proc; null when it is bound. */
export async function faultOfBinding(processId: number, { instance }: PlannedBinding): Promise<string | null> {
  if (instance === null) return null;
  const { verifyBinding } = await import("../../../sdk/launch/index.ts");
  const report = await verifyBinding(processId, instance);
  return report.state === "bound" ? null : sentenceOf(report);
}

function sentenceOf({ state, plannedCpus, plannedMemoryNodes, strayThreads, localPagesRatio, reason }: BindingReport) {
  const planned = `CPUs ${plannedCpus}${plannedMemoryNodes === null ? "" : `, memory of node ${plannedMemoryNodes}`}`;
  const stray = strayThreads.length > 0 ? ` ${strayThreads.length} threads may run elsewhere.` : "";
  const far = localPagesRatio === null ? "" : ` ${(localPagesRatio * 100).toFixed(1)} % of the pages are local.`;
  return `The cells were to run on ${planned}, and /proc says: ${state}.${stray}${far} ${reason ?? ""}`.trim();
}
