import { posix } from "node:path";
import { readCpuSet, readInteger } from "./tree.ts";
import type { CpuSet, MachineTree } from "./tree.ts";
import type { ContainerLimits } from "./topology.ts";

/** What the control groups of this process allow; a set is null where nothing limits it. */
export interface ControlGroups {
  readonly limits: ContainerLimits;
  readonly cpus: CpuSet | null;
  readonly nodes: CpuSet | null;
}

/** A mounted hierarchy. `top` is the group that shows at the mount point: in some containers not the root. */
interface Mount {
  readonly point: string;
  readonly top: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** Where one controller keeps the groups of this process: its own group first, then each ancestor up to the mount point. */
interface Hierarchy {
  readonly version: 1 | 2;
  readonly folders: readonly string[];
  readonly mount: Mount;
}

function mountOfInfo(line: string): Mount {
  const [left = "", right = ""] = line.split(" - ");
  const [, , , top = "/", point = ""] = left.split(" ");
  const [type = "", , options = ""] = right.split(" ");
  return { point, top, type, options: options.split(",") };
}

function mountOfTable(line: string): Mount {
  const [, point = "", type = "", options = ""] = line.split(" ");
  return { point, top: "/", type, options: options.split(",") };
}

function readMounts(tree: MachineTree): Mount[] {
  const info = tree.read("proc/self/mountinfo");
  if (info !== null) return info.split("\n").map(mountOfInfo);
  const table = tree.read("proc/mounts") ?? "cgroup2 /sys/fs/cgroup cgroup2 rw";
  return table.split("\n").map(mountOfTable);
}

/** The path of this process's group: in the hierarchy of a version 1 controller, in version 2 for the controller "". */
function readGroupPath(tree: MachineTree, controller: string): string | null {
  const groups = tree.read("proc/self/cgroup");
  for (const line of groups?.split("\n") ?? []) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path !== undefined && controllers?.split(",").includes(controller)) return path;
  }
  return groups === null || controller === "cpuset" ? tree.read("proc/self/cpuset") : null;
}

function foldersOf({ point, top }: Mount, path: string): string[] {
  const isBelowTop = top !== "/" && `${path}/`.startsWith(`${top}/`);
  const names = posix
    .normalize(`/${isBelowTop ? path.slice(top.length) : path}`)
    .split("/")
    .filter((name) => name !== "");
  const depths = [...names.keys(), names.length].reverse();
  return depths.map((depth) => [point.slice(1), ...names.slice(0, depth)].join("/"));
}

function findHierarchy(tree: MachineTree, mounts: readonly Mount[], controller: string): Hierarchy | null {
  const holds = ({ type, options }: Mount) =>
    type === controller || (type === "cgroup" && options.includes(controller));
  const candidates = [
    { version: 1, mount: mounts.find(holds), path: readGroupPath(tree, controller) },
    { version: 2, mount: mounts.find(({ type }) => type === "cgroup2"), path: readGroupPath(tree, "") },
  ] as const;
  for (const { version, mount, path } of candidates) {
    if (mount !== undefined && path !== null) return { version, mount, folders: foldersOf(mount, path) };
  }
  return null;
}

/** The set of the nearest group that has one: in a group without the controller the parent's holds. */
function readNearestSet(tree: MachineTree, hierarchy: Hierarchy | null, name: "cpus" | "mems"): CpuSet | null {
  if (hierarchy === null) return null;
  // The oldest hierarchies name their files without a prefix.
  const isBare = hierarchy.mount.type === "cpuset" || hierarchy.mount.options.includes("noprefix");
  const file = hierarchy.version === 2 ? `cpuset.${name}.effective` : `${isBare ? "" : "cpuset."}${name}`;
  const folder = hierarchy.folders.find((each) => (readCpuSet(tree, `${each}/${file}`) ?? []).length > 0);
  return folder === undefined ? null : readCpuSet(tree, `${folder}/${file}`);
}

/** The smallest limit of the group and all its ancestors; null where none has one. */
function smallestLimitOf(hierarchy: Hierarchy | null, limitIn: (folder: string) => number | null): number | null {
  const limits = (hierarchy?.folders ?? []).flatMap((folder) => limitIn(folder) ?? []);
  return limits.length === 0 ? null : Math.min(...limits);
}

function readQuota(tree: MachineTree, version: 1 | 2, folder: string): number | null {
  const [quota, period] =
    version === 2
      ? (tree.read(`${folder}/cpu.max`) ?? "").split(" ").map(Number)
      : [readInteger(tree, `${folder}/cpu.cfs_quota_us`), readInteger(tree, `${folder}/cpu.cfs_period_us`)];
  return quota && period && quota > 0 ? quota / period : null;
}

function readMemoryLimit(tree: MachineTree, version: 1 | 2, folder: string): number | null {
  const limit = readInteger(tree, `${folder}/${version === 2 ? "memory.max" : "memory.limit_in_bytes"}`);
  // Version 1 says "no limit" by a number that no memory reaches.
  return limit === null || limit >= 2 ** 60 ? null : limit;
}

/**
 * What the control groups of this process allow, of both versions, in and out of a container.
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html
 */
export function readControlGroups(tree: MachineTree): ControlGroups {
  const mounts = readMounts(tree);
  const find = (controller: string) => findHierarchy(tree, mounts, controller);
  const [cpu, memory, cpuset] = [find("cpu"), find("memory"), find("cpuset")];
  return {
    limits: {
      cgroupVersion: (cpu ?? memory ?? cpuset)?.version ?? null,
      cpuQuotaCpus: smallestLimitOf(cpu, (folder) => readQuota(tree, cpu?.version ?? 2, folder)),
      memoryBytes: smallestLimitOf(memory, (folder) => readMemoryLimit(tree, memory?.version ?? 2, folder)),
    },
    cpus: readNearestSet(tree, cpuset, "cpus"),
    nodes: readNearestSet(tree, cpuset, "mems"),
  };
}
