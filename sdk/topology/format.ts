import { counted, formatQuantity } from "../units/index.ts";
import { mostColumns, shortened, wrapped } from "./columns.ts";
import { countCpus, subtractCpus } from "./cpuList.ts";
import { outlineOf } from "./outline.ts";
import type { CacheKind, Topology } from "./topology.ts";

const factWidth = 13;
/** Above this the matrix is too wide for a terminal. */
const mostNodesInMatrix = 16;

function headlineOf(topology: Topology): string {
  const words = [
    topology.cpuModel?.replace(/\s+/g, " ") ?? "CPU without a model name",
    topology.architecture,
    topology.isVirtualMachine ? "virtual machine" : null,
    topology.operatingSystem,
  ];
  return words.filter((word) => word !== null).join(" · ");
}

function smtTextOf(average: number, smtWidth: number): string {
  if (smtWidth === 1) return "no SMT";
  return average === smtWidth ? `${smtWidth} per core` : `up to ${smtWidth} per core`;
}

function countsOf(topology: Topology): string {
  const { packages, dies, numaNodes, cores, pus, smtWidth, memoryBytes } = topology;
  const siblings = smtWidth === null ? "" : ` (${smtTextOf(pus / cores, smtWidth)})`;
  const words = [
    counted(packages, "package"),
    dies > 0 ? counted(dies, "die") : null,
    counted(numaNodes.length, "NUMA node"),
    cores > 0 ? counted(cores, "core") : "cores unknown",
    `${counted(pus, "PU")}${siblings}`,
    memoryBytes === null ? "memory unknown" : `${formatQuantity(memoryBytes, "memoryBytes")} of memory`,
  ];
  return words.filter((word) => word !== null).join(", ");
}

/** One text a level, type and size, however many PUs share an instance. */
function cacheTextsOf(caches: readonly CacheKind[]): string[] {
  const counts = new Map<string, number>();
  for (const { level, type, sizeBytes, count } of caches) {
    const suffix = type === "Unified" ? "" : type.slice(0, 1).toLowerCase();
    const name = `L${level}${suffix} ${formatQuantity(sizeBytes, "sizeBytes")}`;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts].map(([name, count]) => `${name} × ${count}`);
}

function allowedTextOf({ cpuset, allowedCpuset, numaNodes, allowedNodeset }: Topology): string {
  const nodes = numaNodes.map(({ osIndex }) => osIndex).join(",");
  const hasAllCpus = subtractCpus(cpuset, allowedCpuset) === "";
  const hasAllNodes = subtractCpus(nodes, allowedNodeset) === "";
  if (hasAllCpus && hasAllNodes) return "all CPUs and nodes";
  const cpusText = hasAllCpus
    ? "all CPUs"
    : `CPUs ${allowedCpuset} (${countCpus(allowedCpuset)} of ${countCpus(cpuset)})`;
  return `${cpusText}, ${hasAllNodes ? "all nodes" : `nodes ${allowedNodeset} (${countCpus(allowedNodeset)} of ${numaNodes.length})`}`;
}

function limitsTextOf({ limits: { cgroupVersion, cpuQuotaCpus, memoryBytes } }: Topology): string {
  const words = [
    cpuQuotaCpus === null ? null : `CPU time of ${Number(cpuQuotaCpus.toFixed(2))} CPUs`,
    memoryBytes === null ? null : `${formatQuantity(memoryBytes, "memoryBytes")} of memory`,
  ].filter((word) => word !== null);
  const limits = words.length === 0 ? "none" : words.join(", ");
  return cgroupVersion === null ? limits : `${limits} (cgroup v${cgroupVersion})`;
}

function distanceLinesOf({ distances }: Topology): string[] {
  if (distances === null) return [];
  const { nodes, matrix } = distances;
  const own = matrix[0]?.[0] ?? 10;
  const others = matrix.flatMap((row, index) => row.filter((_, column) => column !== index));
  const [least, most] = [Math.min(...others), Math.max(...others)];
  if (least === most) return [`${own} to itself, ${least} to every other node`];
  if (nodes.length > mostNodesInMatrix) return [`${own} to itself, ${least} to ${most} to other nodes`];
  const rowOf = (head: string, cells: readonly number[]) =>
    head.padStart(4) + cells.map((cell) => String(cell).padStart(4)).join("");
  return [rowOf("", nodes), ...matrix.map((row, index) => rowOf(String(nodes[index] ?? ""), row))];
}

/** Where the nodes hold less than the machine, as under some hypervisors, the difference is told. */
function offNodesTextOf({ memoryBytes, numaNodes }: Topology): string[] {
  const onNodes = numaNodes.reduce((total, node) => total + (node.memoryBytes ?? NaN), 0);
  const restBytes = (memoryBytes ?? NaN) - onNodes;
  if (!(restBytes > 0.01 * onNodes)) return [];
  return [`${formatQuantity(restBytes, "restBytes")} of the memory; the kernel counts it to no node`];
}

/** What is said below the tree: a name, then its lines. */
function factsOf(topology: Topology): [name: string, lines: string[]][] {
  const width = mostColumns - factWidth;
  const short = (text: string) => [shortened(text, width)];
  const { caches, cpuKinds, offlineCpus, isolatedCpus, memoryOnlyNodes, numaNodes } = topology;
  const memoryOnly = numaNodes.filter(({ osIndex }) => memoryOnlyNodes.includes(osIndex));
  const memories = memoryOnly.map(
    ({ osIndex, memoryBytes }) => `node ${osIndex} ${formatQuantity(memoryBytes, "memoryBytes")}`,
  );
  return [
    ["caches", caches.length === 0 ? ["unknown"] : wrapped(cacheTextsOf(caches), width)],
    ["memory only", wrapped(memories, width)],
    ["off nodes", offNodesTextOf(topology)],
    ["kinds", cpuKinds.flatMap(({ kind, cpus }) => short(`${kind} ${cpus}`))],
    ["allowed", short(allowedTextOf(topology))],
    ["limits", [limitsTextOf(topology)]],
    ["offline", short(offlineCpus === "" ? "none" : offlineCpus)],
    ["isolated", short(isolatedCpus === "" ? "none" : isolatedCpus)],
    ["distances", distanceLinesOf(topology)],
  ];
}

/** The machine as text for people, at most 96 columns wide: a tree of packages, nodes and last caches, then the facts beside it. */
export function formatTopology(topology: Topology): string {
  const facts = factsOf(topology).flatMap(([name, lines]) =>
    lines.map((line, index) => (index === 0 ? name : "").padEnd(factWidth) + line),
  );
  const blocks = [[headlineOf(topology), countsOf(topology)], outlineOf(topology), facts];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}
