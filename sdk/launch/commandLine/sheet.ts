import type { Warning } from "../../errors.ts";
import type { Topology } from "../../topology/index.ts";
import { type LoadedLibrary, planEnvironment } from "../environment.ts";
import type { NodeBandwidths } from "../instances.ts";
import type { Libraries } from "../libraries.ts";
import { openMpNoteOf } from "../openMp.ts";
import type { BindingWay } from "../bindingWay.ts";
import { type InstancePlan, type LaunchSpec, planLaunch } from "../plan.ts";
import { shellLineOf } from "../shell.ts";
import type { LaunchRequest } from "./request.ts";

/** What a request is planned on. */
export interface SheetBasis {
  readonly topology: Topology;
  /** What `auto` stands for, and why, as `probeBindingWay` says. */
  readonly binding: SheetBinding;
  readonly libraries: Libraries;
  readonly nodeBandwidths: NodeBandwidths;
  /** The variables that are set already. */
  readonly preset: Readonly<Record<string, string | undefined>>;
}

/** How instances are bound where the request does not say. */
export interface SheetBinding {
  readonly way: BindingWay;
  /** What was tried; null when nothing was. */
  readonly reason: string | null;
  /** What would permit more; null for nothing. */
  readonly advice: string | null;
}

/** One process as it will be started. */
export interface SheetInstance extends InstancePlan {
  /** The whole command line, with what binds it. */
  readonly command: readonly string[];
  /** Variables that are set for it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that are taken away from it. */
  readonly removedVariables: readonly string[];
}

/** A request with every choice made: what `numalab launch --dry-run --json` prints. */
export interface LaunchSheet {
  readonly instances: readonly SheetInstance[];
  /** Why they are bound as they are; null where the request said how, or nothing was tried. */
  readonly bindingReason: string | null;
  /** Libraries that are loaded before the program. */
  readonly loadedLibraries: readonly LoadedLibrary[];
  readonly warnings: readonly Warning[];
}

/**
 * Makes every choice of a request explicit: the exact command line and environment of each instance.
 * @throws {LaunchError} as `planLaunch`
 */
export function planSheet(request: LaunchRequest, basis: SheetBasis): LaunchSheet {
  const { taskManager, command } = request;
  const { topology, binding, nodeBandwidths, preset, libraries } = basis;
  const spec: LaunchSpec = {
    ...request.spec,
    bindingWay: taskManager === "auto" ? binding.way : taskManager,
    bindingAdvice: binding.advice,
    instances: { ...request.spec.instances, nodeBandwidths },
  };
  const plan = planLaunch(spec, topology);
  // What nothing binds may use more than was chosen for it; its OpenMP is told the choice.
  const chosen = planLaunch({ ...spec, bindingWay: "taskset" }, topology).instances;
  const environments = chosen.map(({ cpus, threadsCount }) =>
    planEnvironment(request.environment, { cpus, threadsCount, preset, libraries }),
  );
  const instances = plan.instances.map((instance, index) => ({
    ...instance,
    command: [...instance.prefix, ...command],
    environment: environments[index]?.variables ?? {},
    removedVariables: environments[index]?.removed ?? [],
  }));
  const notes = environments.flatMap(({ warnings }) => warnings);
  return {
    instances,
    bindingReason: taskManager === "auto" ? binding.reason : null,
    loadedLibraries: environments[0]?.loaded ?? [],
    warnings: distinct([...request.warnings, ...plan.warnings, ...notes, openMpNoteOf(command)]),
  };
}

/** The sheet as lines that can be typed into a shell; what no command line can say stands in a comment. */
export function formatSheet({ instances, bindingReason, loadedLibraries }: LaunchSheet): string {
  const lines = instances.map(
    (instance) =>
      `${shellLineOf(instance.command, instance.environment, instance.removedVariables)} # instance ${instance.instanceIndex}${syscallsNoteOf(instance)}`,
  );
  const libraries = loadedLibraries.map(
    ({ name, path, version }) => `# ${name}${version === null ? "" : ` ${version}`}: ${path}`,
  );
  const reason = bindingReason === null ? [] : [`# ${bindingReason}`];
  return [...reason, ...libraries, ...lines].join("\n");
}

function syscallsNoteOf({ bindingWay, cpus, memoryNodes }: InstancePlan): string {
  if (bindingWay !== "syscalls") return "";
  const memory = memoryNodes === null ? "" : ` and memory of node ${memoryNodes}`;
  return `, started on CPUs ${cpus}${memory} by system calls`;
}

function distinct(warnings: readonly (Warning | null)[]): Warning[] {
  const byMessage = new Map(warnings.flatMap((warning) => (warning === null ? [] : [[warning.message, warning]])));
  return [...byMessage.values()];
}
