import type { Warning } from "../../errors.ts";
import type { EnvironmentSpec } from "../environment.ts";
import { LaunchError } from "../errors.ts";
import type { InstancesSpec } from "../instances.ts";
import type { LaunchSpec } from "../plan.ts";
import { environmentSpecOf } from "./environmentSpec.ts";
import { type Flags, readFlags } from "./flags.ts";
import { foreignInstancesOf } from "./foreignInstances.ts";
import { ownInstancesOf } from "./ownInstances.ts";
import { type SupervisionSpec, supervisionOf } from "./supervision.ts";
import { choiceOf, numberOf } from "./values.ts";

/** What binds the instances; `auto` is what a probe finds best. */
export type TaskManager = "auto" | "numactl" | "syscalls" | "taskset" | "none";

/** What the words of a command line ask for. */
export interface LaunchRequest {
  readonly spec: LaunchSpec & { readonly instances: InstancesSpec };
  readonly environment: EnvironmentSpec;
  readonly taskManager: TaskManager;
  readonly supervision: SupervisionSpec;
  /** The program with its own words, as it is to be started. */
  readonly command: readonly [string, ...string[]];
  /** Where each instance's output is kept too; null for nowhere. */
  readonly logFolder: string | null;
  readonly logPrefix: string;
  readonly isDryRun: boolean;
  readonly isJson: boolean;
  readonly isWatched: boolean;
  /** The folder of a recorded machine; null for this one. */
  readonly root: string | null;
  readonly warnings: readonly Warning[];
}

/**
 * Reads the words after `numalab launch`: our flags, those of Intel's ipexrun or those of torch's run_cpu, then the program.
 * Where a word is used that only another launcher has, that launcher's rules hold.
 * @throws {LaunchError} `bad-flag`
 */
export function parseLaunch(words: readonly string[]): LaunchRequest {
  const flags = readFlags(words);
  const { values, marks } = flags;
  const taskManager = taskManagerOf(flags);
  const { spec, warnings } = specOf(flags);
  return {
    spec,
    environment: environmentSpecOf(flags, { isUnbound: taskManager === "none", spec }),
    taskManager,
    supervision: supervisionOf(flags),
    command: commandOf(flags),
    logFolder: values["log-dir"] ?? values["log-path"] ?? null,
    logPrefix: values["log-file-prefix"] ?? "run",
    isDryRun: marks.has("dry-run"),
    isJson: marks.has("json"),
    isWatched: marks.has("watch"),
    root: values.root ?? null,
    warnings: [...flags.warnings, ...warnings],
  };
}

/** Other launchers bind memory to all nodes that an instance spans. */
function specOf(flags: Flags): Pick<LaunchRequest, "spec" | "warnings"> {
  const { values, vocabulary } = flags;
  const cpus = values.cpus ?? values["cores-list"] ?? values["core-list"];
  const threadsCount = numberOf(flags, "threads");
  const said = {
    ...(cpus === undefined || cpus === "" ? {} : { cpus }),
    ...(threadsCount === undefined ? {} : { threadsCount }),
  };
  if (vocabulary === "numalab") return { spec: { ...said, instances: ownInstancesOf(flags) }, warnings: [] };
  const { instances, warnings } = foreignInstancesOf(flags);
  return { spec: { ...said, memory: "bind", instances }, warnings };
}

function taskManagerOf(flags: Flags): TaskManager {
  const { marks } = flags;
  if (marks.has("disable-numactl")) return marks.has("disable-taskset") ? "none" : "taskset";
  if (marks.has("disable-taskset")) return "numactl";
  return choiceOf(flags, "multi-task-manager", ["auto", "numactl", "syscalls", "taskset", "none"]) ?? "auto";
}

/** A program that ends in .py, or is a module, is started by Python, whose output is then not held back. */
function commandOf({ program, marks }: Flags): [string, ...string[]] {
  const [file, ...args] = program;
  if (file === undefined) {
    const message =
      "No program was named, and one is needed. Write it after the flags: numalab launch --per-node 1 -- PROGRAM ARGS.";
    throw new LaunchError("bad-flag", message);
  }
  if (marks.has("no-python")) return [file, ...args];
  if (marks.has("module")) return ["python3", "-u", "-m", file, ...args];
  return file.endsWith(".py") ? ["python3", "-u", file, ...args] : [file, ...args];
}
