import {
  allowedCoresOf,
  formatCpuList,
  intersectCpus,
  nodeOfCpu,
  parseCpuList,
  subtractCpus,
  type Topology,
  usableCpusOf,
} from "../topology/index.ts";
import { checkedCpusOf } from "./cpus.ts";
import { LaunchError } from "./errors.ts";
import { nodeAt } from "./nodes.ts";
import type { LaunchSpec } from "./plan.ts";

/** What one physical core gives to a launch. */
export interface Core {
  /** One CPU, or all siblings where they are wanted. */
  readonly cpus: readonly number[];
  /** Null where the kernel tells none. */
  readonly nodeIndex: number | null;
}

/**
 * The cores that instances may be made of, node by node; inside a node those of one cache stand together, fast ones first.
 * CPUs that were named are all taken, siblings and efficiency cores too.
 * @throws {LaunchError} `no-such-node`, `node-not-allowed`, `no-cpus`, `no-such-cpu`, `cpu-offline`, `cpu-isolated`,
 * `cpu-not-allowed`
 */
export function poolOf(spec: LaunchSpec, topology: Topology): Core[] {
  const { useSiblings = false, useEfficiencyCores = false, reservedCpus = "" } = spec.instances ?? {};
  const isNamed = spec.cpus !== undefined;
  const found = isNamed ? namedCpusOf(spec.cpus, spec, topology) : usableCpusOf(topology);
  const usable = subtractCpus(onNodesOf(spec, found, topology), reservedCpus);
  if (usable === "") throw noCpusErrorOf(found, reservedCpus);
  const cores = allowedCoresOf({ ...topology, allowedCpuset: usable, isolatedCpus: "" }).map(parseCpuList);
  const kept = cores.map((core) => (isNamed || useSiblings ? core : core.slice(0, 1)));
  const homed = kept.map((cpus) => ({ cpus, nodeIndex: nodeOfCpu(topology, cpus[0] ?? 0) }));
  return byNode(homed).flatMap((node) => (isNamed || useEfficiencyCores ? node : fastOnesOf(node, topology)));
}

/**
 * A list of CPUs that was asked for, in order.
 * @throws {LaunchError} `no-cpus`, `no-such-cpu`, `cpu-offline`, `cpu-isolated`, `cpu-not-allowed`
 */
export function namedCpusOf(text: string, { instances }: LaunchSpec, topology: Topology): string {
  const cpus = checkedCpusOf(text, topology);
  const isolated = intersectCpus(cpus, topology.isolatedCpus);
  if (isolated === "" || instances?.useIsolatedCpus === true) return cpus;
  const message = `CPU ${isolated} is isolated from the scheduler, which would leave every thread where it started. Pass other CPUs, or useIsolatedCpus for a program that pins its own threads.`;
  throw new LaunchError("cpu-isolated", message, { facts: { cpus: isolated } });
}

/** The cores of each node, in the order of the nodes; those that belong to none come last. */
export function byNode(cores: readonly Core[]): Core[][] {
  const numberOf = ({ nodeIndex }: Core): number => nodeIndex ?? Infinity;
  const numbers = [...new Set(cores.map(numberOf))].sort((a, b) => a - b);
  return numbers.map((number) => cores.filter((core) => numberOf(core) === number));
}

function onNodesOf({ instances, nodeIndex }: LaunchSpec, usable: string, topology: Topology): string {
  const nodes = instances?.nodes ?? (nodeIndex === undefined ? undefined : String(nodeIndex));
  if (nodes === undefined) return usable;
  const lists = parseCpuList(nodes).map((node) => cpusOnNode(node, usable, topology));
  return formatCpuList(lists.flatMap(parseCpuList));
}

function cpusOnNode(nodeIndex: number, usable: string, topology: Topology): string {
  const { cpus } = nodeAt(nodeIndex, topology);
  const onNode = intersectCpus(cpus, usable);
  if (onNode !== "") return onNode;
  const isMemoryOnly = topology.memoryOnlyNodes.includes(nodeIndex);
  const found = isMemoryOnly ? "has memory but no CPUs" : `has the CPUs ${cpus}, and ${usable} may be used`;
  const advice = isMemoryOnly ? "Pass it as memoryNodes instead" : "Pass nodes whose CPUs may be used";
  throw new LaunchError(isMemoryOnly ? "no-cpus" : "node-not-allowed", `NUMA node ${nodeIndex} ${found}. ${advice}.`, {
    facts: { nodeIndex, cpus, usable },
  });
}

function fastOnesOf(cores: readonly Core[], { cpuKinds }: Topology): readonly Core[] {
  const fast = new Set(parseCpuList(cpuKinds.find(({ kind }) => kind === "performance")?.cpus ?? ""));
  const fastCores = cores.filter(({ cpus }) => cpus.some((cpu) => fast.has(cpu)));
  return fastCores.length === 0 ? cores : fastCores;
}

function noCpusErrorOf(usable: string, reservedCpus: string): LaunchError {
  const message = `The CPUs ${usable} may be used, and after the reserved ones (${reservedCpus === "" ? "none" : reservedCpus}) nothing is left; at least one is needed. Reserve fewer, or name nodes.`;
  return new LaunchError("no-cpus", message, { facts: { usable, reservedCpus } });
}
