import type { Warning } from "../../errors.ts";
import type { InstancesSpec } from "../instances.ts";
import type { FlagName } from "./flagRows.ts";
import type { Flags } from "./flags.ts";
import { choiceOf, clashErrorOf, indexesOf, numberOf } from "./values.ts";

/** What flags of another launcher ask for, and what of them has no effect. */
export interface ForeignInstances {
  readonly instances: InstancesSpec;
  readonly warnings: readonly Warning[];
}

/**
 * The instances that flags of ipexrun or of torch's run_cpu ask for, by their own rules: one instance on all physical cores
 * where nothing is said, cores left over stay idle, and an instance may span nodes unless that is forbidden.
 * @throws {LaunchError} `bad-flag`
 * @see https://github.com/intel/intel-extension-for-pytorch/blob/main/docs/tutorials/performance_tuning/launch_script.md
 * @see https://github.com/pytorch/pytorch/blob/main/torch/backends/xeon/run_cpu.py
 */
export function foreignInstancesOf(flags: Flags): ForeignInstances {
  const { marks } = flags;
  if (marks.has("latency-mode") && marks.has("throughput-mode")) throw clashErrorOf("latency-mode", "throughput-mode");
  const places = placesOf(flags);
  if (marks.has("latency-mode")) {
    const instances = { ...places, cpusEach: 4, useSiblings: false };
    return { instances, warnings: overruledWarningsOf(flags, "latency-mode") };
  }
  if (marks.has("throughput-mode")) {
    const instances = { ...places, per: "node" as const, cpusEach: "equal" as const, useSiblings: false };
    return { instances, warnings: overruledWarningsOf(flags, "throughput-mode") };
  }
  return { instances: { ...places, ...numbersOf(flags) }, warnings: [] };
}

/** A number that is 0 or less says nothing, but for Intel's -1: share out all cores. */
function numbersOf(flags: Flags): InstancesSpec {
  const count = numberOf(flags, "ninstances") ?? 0;
  const cores = numberOf(flags, "ncores-per-instance") ?? numberOf(flags, "ncore-per-instance") ?? 0;
  if (cores > 0) return { cpusEach: cores, ...(count > 0 ? { count } : {}) };
  const cpusEach = cores === -1 && flags.vocabulary === "ipexrun" ? "all" : "equal";
  if (count > 0) return { cpusEach, count };
  return flags.marks.has("multi-instance") ? { cpusEach, per: "node" } : { cpusEach };
}

function placesOf(flags: Flags): InstancesSpec {
  const { values, marks, vocabulary } = flags;
  const nodes = values["nodes-list"] ?? (values["node-id"] === "-1" ? undefined : values["node-id"]);
  const indexes = indexesOf(flags);
  return {
    ...(nodes === undefined || nodes === "" ? {} : { nodes }),
    ...(indexes === undefined ? {} : { indexes }),
    useSiblings: marks.has("use-logical-cores") || marks.has("use-logical-core"),
    useEfficiencyCores: marks.has("use-e-cores"),
    acrossNodes: !(marks.has("bind-numa-node") || marks.has("skip-cross-node-cores")),
    strategy: choiceOf(flags, "strategy", ["scatter", "close"]) ?? (vocabulary === "run_cpu" ? "close" : "scatter"),
  };
}

const overruled: readonly FlagName[] = [
  "ninstances",
  "ncores-per-instance",
  "ncore-per-instance",
  "use-logical-cores",
  "use-logical-core",
];

function overruledWarningsOf({ values }: Flags, mode: FlagName): Warning[] {
  const given = overruled.filter((name) => values[name] !== undefined);
  if (given.length === 0) return [];
  return [
    {
      code: "overruled-flag",
      message: `--${mode} decides the number of instances and their cores, so ${given.map((name) => `--${name}`).join(", ")} has no effect.`,
      advice: `Leave out --${mode}, or the others.`,
    },
  ];
}
