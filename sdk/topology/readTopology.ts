import { cacheKindsOf, readCaches } from "./caches.ts";
import type { Cache } from "./caches.ts";
import { readControlGroups } from "./controlGroups.ts";
import type { ControlGroups } from "./controlGroups.ts";
import { readCpuInfo } from "./cpuInfo.ts";
import type { CpuInfo } from "./cpuInfo.ts";
import { formatCpuList, parseCpuList } from "./cpuList.ts";
import { readCpuTree } from "./cpus.ts";
import type { CpuTree } from "./cpus.ts";
import { readCpuKinds } from "./kinds.ts";
import { memoryOf, readDistances, readNodes } from "./nodes.ts";
import type { Node } from "./nodes.ts";
import { inMachineOrder } from "./order.ts";
import { readArchitecture, readOperatingSystem } from "./platform.ts";
import type { PackageInfo, Topology } from "./topology.ts";
import { readCpuSet } from "./tree.ts";
import type { CpuSet, MachineTree } from "./tree.ts";

type CpuFields = Pick<Topology, "packages" | "dies" | "cores" | "coreList" | "pus" | "smtWidth">;
type NodeFields = Pick<Topology, "numaNodes" | "memoryOnlyNodes" | "cpuOnlyNodes" | "distances">;
type AllowedFields = Pick<Topology, "allowedCpuset" | "allowedNodeset">;

function cpuFieldsOf(cpus: CpuTree, nodes: readonly Node[], caches: readonly Cache[]): CpuFields {
  const { packages, groups, dies, cores, pus } = cpus;
  const around = [...packages, ...nodes, ...caches].map((each) => each.cpus).concat(groups, dies);
  return {
    packages: packages.length,
    dies: dies.length,
    cores: cores.length,
    coreList: inMachineOrder(cores, around).map(formatCpuList),
    pus: pus.length,
    smtWidth: cores.length === 0 ? null : Math.max(...cores.map((core) => core.length)),
  };
}

function packageListOf({ packages }: CpuTree, info: CpuInfo): PackageInfo[] {
  return packages.map(({ osIndex, cpus }) => ({
    osIndex,
    cpus: formatCpuList(cpus),
    model: info.modelOf(cpus[0] ?? 0),
  }));
}

function nodeFieldsOf(tree: MachineTree, nodes: readonly Node[]): NodeFields {
  const indexesWhere = (isMeant: (node: Node) => boolean) => nodes.filter(isMeant).map(({ osIndex }) => osIndex);
  return {
    numaNodes: nodes.map((node) => ({ ...node, cpus: formatCpuList(node.cpus) })),
    memoryOnlyNodes: indexesWhere(({ cpus }) => cpus.length === 0),
    cpuOnlyNodes: indexesWhere(({ cpus, memoryBytes }) => cpus.length > 0 && memoryBytes === 0),
    distances: readDistances(tree, nodes),
  };
}

/** What the kernel says this process may use; where it was not recorded, what the control groups say. */
function allowedFieldsOf(
  tree: MachineTree,
  groups: ControlGroups,
  [pus, nodes]: readonly [CpuSet, CpuSet],
): AllowedFields {
  const status = tree.read("proc/self/status") ?? "";
  const among = (all: CpuSet, name: string, grouped: CpuSet | null) => {
    const [, list] = new RegExp(`^${name}:\\s*(\\S*)$`, "m").exec(status) ?? [];
    const allowed = new Set(list === undefined ? (grouped ?? all) : parseCpuList(list));
    return formatCpuList(all.filter((each) => allowed.has(each)));
  };
  return {
    allowedCpuset: among(pus, "Cpus_allowed_list", groups.cpus),
    allowedNodeset: among(nodes, "Mems_allowed_list", groups.nodes),
  };
}

/** What the machine of a tree is. */
export function readTopology(tree: MachineTree): Topology {
  const info = readCpuInfo(tree);
  const cpus = readCpuTree(tree, info);
  const nodes = readNodes(tree, cpus.pus);
  const groups = readControlGroups(tree);
  const isolated = new Set(readCpuSet(tree, "sys/devices/system/cpu/isolated") ?? []);
  const caches = readCaches(tree, cpus.pus);
  return {
    architecture: readArchitecture(tree),
    ...cpuFieldsOf(cpus, nodes, caches),
    packageList: packageListOf(cpus, info),
    ...nodeFieldsOf(tree, nodes),
    caches: cacheKindsOf(caches),
    cpuset: formatCpuList(cpus.pus),
    offlineCpus: formatCpuList(cpus.offline),
    isolatedCpus: formatCpuList(cpus.pus.filter((cpu) => isolated.has(cpu))),
    ...allowedFieldsOf(tree, groups, [cpus.pus, nodes.map(({ osIndex }) => osIndex)]),
    cpuKinds: readCpuKinds(tree, cpus),
    isaFlags: info.isaFlags,
    limits: groups.limits,
    cpuModel: info.modelOf(cpus.pus[0] ?? 0),
    memoryBytes: memoryOf(tree.read("proc/meminfo"), "MemTotal") ?? totalMemoryOf(nodes),
    operatingSystem: readOperatingSystem(tree),
    isVirtualMachine: info.isaFlags.includes("hypervisor"),
    root: tree.root,
  };
}

function totalMemoryOf(nodes: readonly Node[]): number | null {
  const amounts = nodes.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  return amounts.length === 0 ? null : amounts.reduce((sum, amount) => sum + amount, 0);
}
