import { parseQuantity } from "../../units/index.ts";
import type { InstancesSpec } from "../instances.ts";
import type { Flags } from "./flags.ts";
import { badValueErrorOf, choiceOf, clashErrorOf, indexesOf, numberOf } from "./values.ts";

const scopes = { instances: "machine", "per-node": "node", "per-package": "package", "per-l3": "cache" } as const;

/**
 * The instances that our own flags ask for. Where no number is said it is one, on all nodes.
 * @throws {LaunchError} `bad-flag`
 */
export function ownInstancesOf(flags: Flags): InstancesSpec {
  const { marks } = flags;
  const sized = { ...scopeOf(flags), ...sizeOf(flags) };
  return {
    ...sized,
    ...listsOf(flags),
    useSiblings: marks.has("smt"),
    useEfficiencyCores: marks.has("use-e-cores"),
    useIsolatedCpus: marks.has("use-isolated"),
    acrossNodes: marks.has("across-nodes") || Object.keys(sized).length === 0,
    bandwidthFirst: marks.has("bandwidth-first"),
    exceedQuota: marks.has("exceed-quota"),
    strategy: choiceOf(flags, "strategy", ["scatter", "close"]) ?? "scatter",
  };
}

function scopeOf(flags: Flags): Pick<InstancesSpec, "count" | "per"> {
  const names = (Object.keys(scopes) as (keyof typeof scopes)[]).filter((name) => flags.values[name] !== undefined);
  const [name, other] = names;
  if (name === undefined) return {};
  if (other !== undefined) throw clashErrorOf(name, other);
  return { count: numberOf(flags, name) ?? 1, per: scopes[name] };
}

function sizeOf(flags: Flags): Pick<InstancesSpec, "cpusEach"> {
  const text = flags.values["cpus-per-instance"];
  if (text === undefined) return {};
  return { cpusEach: text === "all" || text === "equal" ? text : (numberOf(flags, "cpus-per-instance") ?? "all") };
}

function listsOf(flags: Flags): InstancesSpec {
  const { values } = flags;
  const bytesEach = bytesEachOf(flags);
  const indexes = indexesOf(flags);
  return {
    ...(values["instance-cpus"] === undefined ? {} : { cpuLists: values["instance-cpus"].split("/") }),
    ...(values.nodes === undefined ? {} : { nodes: values.nodes }),
    ...(values.reserve === undefined ? {} : { reservedCpus: values.reserve }),
    ...(values["memory-nodes"] === undefined ? {} : { memoryNodes: values["memory-nodes"] }),
    ...(bytesEach === undefined ? {} : { bytesEach }),
    ...(indexes === undefined ? {} : { indexes }),
  };
}

function bytesEachOf({ values }: Flags): number | undefined {
  const text = values["memory-per-instance"];
  if (text === undefined) return undefined;
  const bytesEach = parseQuantity(text, "Bytes");
  if (bytesEach > 0 && /[a-z]/i.test(text)) return bytesEach;
  throw badValueErrorOf("memory-per-instance", text, "an amount with its unit, such as 6GiB");
}
