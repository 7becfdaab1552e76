import type { CpuInfo } from "./cpuInfo.ts";
import { cpuFolder, listNumbered, onlineSetReader, readCpuSet, readInteger } from "./tree.ts";
import type { CpuSet, MachineTree } from "./tree.ts";

/** A package as the kernel tells it. */
interface PackageCpus {
  readonly osIndex: number | null;
  readonly cpus: CpuSet;
}

/** What the kernel tells of the CPUs: which there are, and which of them are siblings. */
export interface CpuTree {
  /** Online CPUs that the kernel describes. */
  readonly pus: CpuSet;
  /** CPUs that exist but are offline or not described. */
  readonly offline: CpuSet;
  readonly cores: readonly CpuSet[];
  /** Dies that are less than a package. */
  readonly dies: readonly CpuSet[];
  readonly packages: readonly PackageCpus[];
  /** Groups of packages: the books and drawers of a mainframe. */
  readonly groups: readonly CpuSet[];
}

// Masks come first: they are as old as sysfs, the lists came later. Of each pair the first is the name since Linux 5.3.
const coreNames = ["core_cpus", "thread_siblings", "core_cpus_list", "thread_siblings_list"];
const packageNames = ["package_cpus", "core_siblings", "package_cpus_list", "core_siblings_list"];
const dieNames = ["die_cpus", "die_cpus_list"];
const groupNames = ["book_siblings", "drawer_siblings"];

const onlinePath = "sys/devices/system/cpu/online";
const topologyFolder = (cpu: number) => `${cpuFolder(cpu)}/topology`;

function isOnline(tree: MachineTree, cpu: number): boolean {
  const path = `${cpuFolder(cpu)}/online`;
  return !tree.has(path) || readInteger(tree, path) !== 0;
}

/** The first of the names that this kernel has in the topology folder of a CPU. */
function nameIn(tree: MachineTree, cpu: number | undefined, names: readonly string[]): string | undefined {
  return names.find((name) => tree.has(`${topologyFolder(cpu ?? 0)}/${name}`));
}

/** The online CPUs that the kernel describes, or where it describes none, as in some sandboxes, all that are online. */
function readPus(tree: MachineTree, existing: CpuSet): CpuSet {
  const listed = readCpuSet(tree, onlinePath);
  const online = new Set(listed ?? existing.filter((cpu) => isOnline(tree, cpu)));
  const candidates = existing.filter((cpu) => online.has(cpu));
  const name = nameIn(tree, candidates[0], coreNames);
  const tellsCore = (cpu: number) => name !== undefined && tree.read(`${topologyFolder(cpu)}/${name}`) !== null;
  const described = candidates.filter((cpu) => tellsCore(cpu) || tree.has(topologyFolder(cpu)));
  return described.length > 0 ? described : candidates;
}

/** The siblings that each of the asked CPUs tells, under the first of the names that this kernel has. */
function readSiblings(
  tree: MachineTree,
  [pus, asked]: readonly [CpuSet, CpuSet],
  names: readonly string[],
): Map<number, CpuSet> {
  const name = nameIn(tree, pus[0], names);
  if (name === undefined) return new Map();
  const read = onlineSetReader(tree, pus);
  const entries = asked.map((cpu) => [cpu, read(`${topologyFolder(cpu)}/${name}`) ?? []] as const);
  return new Map(entries.filter(([, set]) => set.length > 0));
}

/** Each set once, told by its first CPU: where CPUs contradict each other, the first one is believed. */
const setsOf = (siblings: ReadonlyMap<number, CpuSet>) =>
  [...siblings].flatMap(([cpu, set]) => (set[0] === cpu ? [set] : []));

/** One core a PU where AMD's modules are shown as siblings although each has a core number of its own. */
function splitModules(tree: MachineTree, core: CpuSet): CpuSet[] {
  const ids = new Set(core.map((cpu) => tree.read(`${topologyFolder(cpu)}/core_id`)));
  return ids.size > 1 ? core.map((cpu) => [cpu]) : [core];
}

const isSameSet = (one: CpuSet, other: CpuSet) => one[0] === other[0] && one.length === other.length;

/** What the kernel tells of the CPUs of one machine. */
export function readCpuTree(tree: MachineTree, info: CpuInfo): CpuTree {
  const numbered = listNumbered(tree, "sys/devices/system/cpu", "cpu");
  const existing = numbered.length > 0 ? numbered : (readCpuSet(tree, onlinePath) ?? []);
  const pus = readPus(tree, existing);
  const online = new Set(pus);
  const isFirst = (siblings: ReadonlyMap<number, CpuSet>) => (cpu: number) => (siblings.get(cpu)?.[0] ?? cpu) === cpu;

  const coreSiblings = readSiblings(tree, [pus, pus], coreNames);
  const cores = setsOf(coreSiblings);
  const coreFirsts = pus.filter(isFirst(coreSiblings));
  const dieSiblings = readSiblings(tree, [pus, coreFirsts], dieNames);
  const packages = setsOf(readSiblings(tree, [pus, coreFirsts.filter(isFirst(dieSiblings))], packageNames));
  // Outside x86 every CPU is said to be a die of its own.
  const isDie = (set: CpuSet) => set.length > 1 && !packages.some((each) => isSameSet(set, each));

  return {
    pus,
    offline: existing.filter((cpu) => !online.has(cpu)),
    cores: info.hasModules ? cores.flatMap((core) => splitModules(tree, core)) : cores,
    dies: setsOf(dieSiblings).filter(isDie),
    packages: packages.map((cpus) => ({ osIndex: readPackageIndex(tree, cpus), cpus })),
    groups: groupNames.flatMap((name) => setsOf(readSiblings(tree, [pus, pus], [name]))),
  };
}

function readPackageIndex(tree: MachineTree, cpus: CpuSet): number | null {
  const index = readInteger(tree, `${topologyFolder(cpus[0] ?? 0)}/physical_package_id`);
  return index === null || index < 0 ? null : index;
}
