import type { Warning } from "../errors.ts";
import { intersectCpus, type Topology } from "../topology/index.ts";
import type { CpuChoice } from "./cpus.ts";
import type { InstancePlan, LaunchSpec } from "./plan.ts";

/** What a plan was made from. */
export interface PlanBasis {
  readonly spec: LaunchSpec;
  readonly choice: CpuChoice;
  readonly topology: Topology;
}

/** Where a plan gives less than was asked, or than a reader would take for granted. */
export function warningsOf(plan: InstancePlan, basis: PlanBasis): Warning[] {
  const found = [
    quotaWarningOf(plan, basis),
    unboundWarningOf(plan, basis),
    memoryWarningOf(plan, basis),
    isolationWarningOf(plan, basis),
  ];
  return found.filter((warning) => warning !== null);
}

function quotaWarningOf({ threadsCount }: InstancePlan, { choice, topology }: PlanBasis): Warning | null {
  if (threadsCount >= choice.wantedThreadsCount) return null;
  return {
    code: "quota-limits-threads",
    message: `The container's quota is worth ${String(topology.limits.cpuQuotaCpus)} CPUs, so ${threadsCount} of ${choice.wantedThreadsCount} threads are planned.`,
    advice: "Give the container more CPU time, or confine it with a cpuset instead of a quota.",
  };
}

function unboundWarningOf({ prefix, cpus, bindingWay }: InstancePlan, { choice }: PlanBasis): Warning | null {
  if (prefix.length > 0 || cpus === choice.cpus) return null;
  return {
    code: "unbound",
    message: `CPUs ${choice.cpus} were chosen, and the bindingWay ${bindingWay} leaves all of ${cpus} to the process.`,
    advice: "Install numactl (apt-get install numactl), or expect figures that differ from run to run.",
  };
}

function memoryWarningOf({ memoryPolicy, bindingWay }: InstancePlan, { spec, choice }: PlanBasis): Warning | null {
  if (memoryPolicy !== "first-touch" || spec.memory === "first-touch") return null;
  const reason =
    bindingWay === "numactl"
      ? `no NUMA node of the CPUs ${choice.cpus} is known`
      : `the bindingWay ${bindingWay} cannot bind it`;
  return {
    code: "memory-first-touch",
    message: `Memory will lie on the node of the thread that first touches it: ${reason}.`,
    advice:
      "Install numactl, and in a container add --cap-add=SYS_NICE; then check the binding report's localPagesRatio.",
  };
}

function isolationWarningOf({ threadsCount }: InstancePlan, { choice, topology }: PlanBasis): Warning | null {
  const isolated = intersectCpus(choice.cpus, topology.isolatedCpus);
  if (isolated === "" || threadsCount === 1) return null;
  return {
    code: "isolated-cpus",
    message: `CPUs ${isolated} are isolated: the kernel leaves every thread on the CPU where it started.`,
    advice: "Run a program that pins its own threads, or choose other CPUs.",
  };
}
