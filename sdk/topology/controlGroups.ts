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

const mountOf = (point: string, top: string, type: string): Omit<Mount, "options"> => ({ point, top, type });

function mountOfInfo(line: string): Mount {
  const [left = "", right = ""] = line.split(" - ");
  const [, , , top = "/", point = ""] = left.split(" ");
  const [type = "", , options = ""] = right.split(" ");
  return { ...mountOf(point, top, type), options: options.split(",") };
}

function mountOfTable(line: string): Mount {
  const [, point = "", type = "", options = ""] = line.split(" ");
  return { ...mountOf(point, "/", type), options: options.split(",") };
}

function readMounts(tree: MachineTree): Mount[] {
  const info = tree.read("proc/self/mountinfo");
  if (info !== null) return info.split("\n").map(mountOfInfo);
  const table = tree.read("proc/mounts");
  if (table !== null) return table.split("\n").map(mountOfTable);
  return [{ ...mountOf("/sys/fs/cgroup", "/", "cgroup2"), options: [] }];
}

/** The path of this process's group: in the hierarchy of a version 1 controller, in version 2 for the controller "". */
function readGroupPath(tree: MachineTree, controller: string): string | null {
  const text = tree.read("proc/self/cgroup");
  const lines = (text ?? "").split("\n").map((line) => /^(\d+):([^:]*):(.*)$/.exec(line));
  const line = lines.find((each) => each?.[2]?.split(",").includes(controller));
  const isCpuset = controller === "cpuset" || text === null;
  return line?.[3] ?? (isCpuset ? tree.read("proc/self/cpuset") : null);
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
  const mount1 = mounts.find(
    ({ type, options }) => type === controller || (type === "cgroup" && options.includes(controller)),
  );
  const path1 = readGroupPath(tree, controller);
  if (mount1 && path1 !== null) return { version: 1, folders: foldersOf(mount1, path1), mount: mount1 };
  const mount2 = mounts.find(({ type }) => type === "cgroup2");
  const path2 = readGroupPath(tree, "");
  return mount2 && path2 !== null ? { version: 2, folders: foldersOf(mount2, path2), mount: mount2 } : null;
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
